"""A double click is one enquiry; a correction is another."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.business import Business
from models.database import transaction
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, enquiries, jobs, receipts
from tests.support.web import Client

AGE = "UPDATE form_count SET since = since - make_interval(secs => %s)"


def a_while_passes(seconds: int) -> None:
    """As if everything that was counted had been counted so long ago."""
    with transaction() as session:
        session.connection().exec_driver_sql(AGE, (seconds,))


def test_it_works(client: Client, business: Business, form: Made) -> None:
    key = form(notifications=["email"]).key
    sent = FILLED | {"_id": "click-1"}
    first, second = (client.post(f"/f/{key}", data=sent) for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    assert (len(enquiries(business)), len(receipts(business)), jobs(business)) == (1, 1, ["owner_email"])


def test_it_folds_a_hundred_clicks_at_once(client: Client, business: Business, form: Made) -> None:
    key = form().key
    with ThreadPoolExecutor(8) as clicks:
        answers = list(clicks.map(lambda _: client.post(f"/f/{key}", data=FILLED).status_code, range(100)))
    assert (set(answers), len(enquiries(business))) == ({303}, 1)


def test_it_folds_whatever_the_encoding(client: Client, business: Business, form: Made) -> None:
    key = form().key
    client.post(f"/f/{key}", data=FILLED)
    client.post(f"/f/{key}", data=FILLED, files={"nothing": ("", b"")})
    client.post(f"/f/{key}", json=FILLED)
    assert len(enquiries(business)) == 1


def test_it_takes_a_correction_for_another_enquiry(client: Client, business: Business, form: Made) -> None:
    key = form().key
    for message in ("Twenty chairs", "Twelve chairs"):
        assert (
            client.post(f"/f/{key}", data=FILLED | {"_id": "page-1", "message": message}).status_code == 303
        )
    assert [one.message_data["Message"] for one in enquiries(business)] == ["Twenty chairs", "Twelve chairs"]


@pytest.mark.parametrize(("page", "count"), [({}, 2), ({"_id": "page-1"}, 1)])
def test_it_folds_within_a_minute_and_on_one_page_within_a_day(
    client: Client, business: Business, form: Made, page: dict[str, str], count: int
) -> None:
    key = form().key
    client.post(f"/f/{key}", data=FILLED | page)
    a_while_passes(61)
    client.post(f"/f/{key}", data=FILLED | page)
    assert len(enquiries(business)) == count


def test_it_folds_suspects_too(client: Client, business: Business, form: Made) -> None:
    key = form().key
    for _ in range(2):
        client.post(f"/f/{key}", data=FILLED | {"contact_by_fax": "1"})
    assert len(receipts(business)) == 1
