"""A probe's post makes a marked lead whose messages are entered, and go to nobody."""

import pytest

from intake.forms.seals import mac, probe_pass
from models.business import Business
from models.database import transaction
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, enquiries, leads, receipts
from tests.forms.test_touch import ids_of_jobs
from tests.support.web import Client
from tests.workers.promised import provided
from workers.run import run


def test_it_works(client: Client, business: Business, form: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    made = form(notifications=["auto-reply", "email", "sms"])
    client.post(f"/f/{made.key}", data=FILLED | {"_probe": probe_pass(made)})
    assert (leads(business)[0].tags, enquiries(business)[0].door) == (["probe"], "probe")
    assert receipts(business)[0].promised == 3
    with provided(monkeypatch) as providers:
        run(ids_of_jobs(business))
        assert (len(providers.smtp.mails), len(providers.sms.asked)) == (0, 0)
    with transaction() as session:
        states = session.connection().exec_driver_sql(
            "SELECT DISTINCT state, reason FROM delivery WHERE business_id = %s", (business.id,)
        )
        assert [tuple(row) for row in states] == [("suppressed", "probe")]


@pytest.mark.parametrize("age", [400, -400, None])
def test_it_takes_no_pass_that_is_old_or_anothers(
    client: Client, business: Business, form: Made, age: int | None
) -> None:
    made, other = form(), form()
    issued = int(probe_pass(made).partition("-")[0])
    old = f"{issued - (age or 0)}-x"
    sent = probe_pass(other) if age is None else f"{old}.{mac(made, 'probe', old)}"
    client.post(f"/f/{made.key}", data=FILLED | {"_probe": sent})
    assert enquiries(business)[0].door == f"form:{made.uid}"


@pytest.mark.parametrize("sent", ["x", "..", "²-x.y", "1-x.é", "9" * 5000 + "-x.y"])
def test_it_takes_rubbish_for_no_pass(client: Client, business: Business, form: Made, sent: str) -> None:
    assert client.post(f"/f/{form().key}", data=FILLED | {"_probe": sent}).status_code == 303
    assert enquiries(business)[0].door.startswith("form:")
