"""What a visitor agrees to is kept in the words that were shown, and may ask for a click in a mail."""

import re
from typing import Any

import pytest
from sqlmodel import col, select

from models.activity import Activity
from models.business import Business
from models.database import transaction
from models.form import Form
from models.touch import Consent
from tests.forms.conftest import Made
from tests.forms.pages import Page
from tests.forms.posts import FILLED, jobs, leads
from tests.forms.test_touch import ids_of_jobs, texts
from tests.support.web import Client
from tests.workers.promised import execute, provided
from workers.run import run

WORDING = "Yes, write to me about offers"
AGREED = FILLED | {"consent": "yes"}


def consents(business: Business) -> list[Consent]:
    with transaction() as session:
        kept = select(Consent).where(Consent.business_id == business.id).order_by(col(Consent.id))
        return list(session.exec(kept).all())


def test_it_works(client: Client, business: Business, form: Made) -> None:
    made = form(consent=WORDING)
    client.post(f"/f/{made.key}", data=AGREED)
    lead, consent = leads(business)[0], consents(business)[0]
    assert (lead.opt_in, lead.opt_in_source, lead.opt_in_at is not None) == (True, f"form:{made.uid}", True)
    assert (consent.wording, consent.lead_id, consent.token) == (WORDING, lead.id, None)
    assert consent.given_at is not None


@pytest.mark.parametrize(
    ("wording", "sent"), [(WORDING, {}), (WORDING, {"consent": "no"}), ("", {"consent": "yes"})]
)
def test_it_takes_no_consent_that_was_not_given(
    client: Client, business: Business, form: Made, wording: str, sent: dict[str, str]
) -> None:
    client.post(f"/f/{form(consent=wording).key}", data=FILLED | sent)
    assert (leads(business)[0].opt_in, consents(business)) == (False, [])


def test_it_keeps_the_words_of_the_day(
    client: Client, business: Business, form: Made, admin: dict[str, str]
) -> None:
    made = form(consent=WORDING)
    suspect = client.post(f"/f/{made.key}", data=AGREED | {"contact_by_fax": "1"})
    client.patch(f"/intake/v1/forms/{made.uid}", headers=admin, json={"consent": "Other words"})
    receipt = suspect.headers["x-request-id"]
    assert client.post(f"/intake/v1/quarantine/{receipt}/release", headers=admin).status_code == 200
    assert [consent.wording for consent in consents(business)] == [WORDING]


def boxes(client: Client, key: str) -> dict[str, str]:
    """What a ticked box says, by the page that shows it."""
    shown = {way: client.get(f"/f/{key}{way}") for way in ("", "/embed")}
    return {way: str(Page(page.text).named("consent")["value"]) for way, page in shown.items()}


def changed(client: Client, made: Form, admin: dict[str, str], change: dict[str, Any]) -> None:
    """Change a form, and let the moment pass for which it is remembered."""
    answer = client.patch(f"/intake/v1/forms/{made.uid}", headers=admin, json=change)
    assert answer.status_code == 200
    client.app.state.doors.forms._open._known.drop(made.key)


@pytest.mark.parametrize("way", ["", "/embed"])
def test_it_keeps_the_words_that_the_page_showed(
    client: Client, business: Business, form: Made, admin: dict[str, str], way: str
) -> None:
    made = form(consent=WORDING)
    said = boxes(client, made.key)[way]
    for change in ({"consent": "Other words"}, {"consent": "Words of now"}, {"threshold": 60}):
        changed(client, made, admin, change)
    client.post(f"/f/{made.key}", data=FILLED | {"consent": said})
    for number, sent in enumerate(("on", boxes(client, made.key)[way])):
        client.post(f"/f/{made.key}", data=FILLED | {"consent": sent, "message": str(number)})
    assert [one.wording for one in consents(business)] == [WORDING, "Words of now", "Words of now"]
    assert leads(business)[0].opt_in


@pytest.mark.parametrize("said", ["0123456789abcdef", "yes, 0123456789abcdef"])
def test_it_takes_a_wording_that_it_never_had_for_no_consent(
    client: Client, business: Business, form: Made, said: str
) -> None:
    client.post(f"/f/{form(consent=WORDING).key}", data=FILLED | {"consent": said})
    assert (leads(business)[0].opt_in, consents(business)) == (False, [])


def test_it_ticks_no_box_for_words_that_were_not_seen(
    client: Client, form: Made, admin: dict[str, str]
) -> None:
    made = form(consent=WORDING)
    wrong = FILLED | {"email": "nobody", "consent": boxes(client, made.key)[""]}
    assert "checked" in Page(client.post(f"/f/{made.key}", data=wrong).text).named("consent")
    changed(client, made, admin, {"consent": "Other words"})
    assert "checked" not in Page(client.post(f"/f/{made.key}", data=wrong).text).named("consent")


def test_it_never_takes_an_opt_out_back(client: Client, business: Business, form: Made) -> None:
    key = form(consent=WORDING).key
    client.post(f"/f/{key}", data=FILLED)
    execute("UPDATE lead SET do_not_contact = true WHERE business_id = %s", business.id)
    client.post(f"/f/{key}", data=AGREED | {"do_not_contact": "false", "doNotContact": "false"})
    assert leads(business)[0].do_not_contact


def link_in(mail: str) -> str:
    found = re.search(r"https://leads\.example\.org(/f/confirm/[\w-]+)", mail)
    assert found is not None
    return found[1]


@pytest.fixture
def link(client: Client, business: Business, form: Made, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of the link in the mail that asks to confirm."""
    client.post(f"/f/{form(consent=WORDING, double_opt_in=True).key}", data=own_address(business))
    assert jobs(business) == ["opt_in_confirmation"]
    with provided(monkeypatch) as providers:
        run(ids_of_jobs(business))
        assert [mail.return_path for mail in providers.smtp.mails] == [""]
        mail = texts(providers)[0]
    assert WORDING in mail
    return link_in(mail)


def own_address(business: Business) -> dict[str, str]:
    """Limits hold over all businesses, so each test writes to somebody else."""
    return AGREED | {"email": f"ada-{business.uid}@example.org"}


def test_it_opts_in_after_the_click_alone(client: Client, business: Business, link: str) -> None:
    shown = client.get(link)
    assert (shown.status_code, WORDING in shown.text) == (200, True)
    assert (leads(business)[0].opt_in, consents(business)[0].confirmed_at) == (False, None)
    for _ in range(2):
        assert "Confirmed" in client.post(link).text
    lead = leads(business)[0]
    assert (lead.opt_in, lead.opt_in_source[:5]) == (True, "form:")
    assert consents(business)[0].confirmed_at == lead.opt_in_at
    assert "Confirmed" in client.get(link).text
    with transaction() as session:
        kinds = session.exec(select(Activity.kind).where(Activity.business_id == business.id)).all()
    assert kinds == ["opt_in_confirmed"]


def test_its_link_ends(client: Client, business: Business, link: str) -> None:
    execute("UPDATE consent SET given_at = given_at - interval '8 days' WHERE business_id = %s", business.id)
    assert (client.get(link).status_code, client.post(link).status_code) == (410, 410)
    assert not leads(business)[0].opt_in


@pytest.mark.parametrize("token", ["x", "a%00b", "é", "x" * 200])
def test_it_knows_no_other_token(client: Client, database: str, token: str) -> None:
    assert client.get(f"/f/confirm/{token}").status_code == 404
    assert client.post(f"/f/confirm/{token}").status_code == 404


def test_it_writes_once_a_day_to_one_address(
    client: Client, business: Business, form: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = form(consent=WORDING, double_opt_in=True).key
    for number in range(3):
        client.post(f"/f/{key}", data=own_address(business) | {"message": f"No. {number}"})
    with provided(monkeypatch) as providers:
        run(ids_of_jobs(business))
        assert len(providers.smtp.mails) == 1
    with transaction() as session:
        reasons = session.connection().exec_driver_sql(
            "SELECT state, reason FROM delivery WHERE business_id = %s ORDER BY id", (business.id,)
        )
        assert sorted(map(tuple, reasons)) == [
            ("sent", ""),
            ("suppressed", "answered_lately"),
            ("suppressed", "answered_lately"),
        ]


def test_it_takes_a_box_that_was_ticked_on_the_second_try(
    client: Client, business: Business, form: Made
) -> None:
    key = form(consent=WORDING).key
    for sent in (FILLED, FILLED, AGREED, AGREED):
        client.post(f"/f/{key}", data=sent | {"_id": "page-1"})
    assert ([lead.opt_in for lead in leads(business)], len(consents(business))) == ([True], 1)
