"""One action lets a suspect in, the whole way."""

import pytest
from sqlmodel import select

from models.activity import Activity
from models.business import Business, TokenKind
from models.database import transaction
from models.operations.tokens import Scope, issue
from tests.conftest import founded
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, enquiries, jobs, leads, receipts, verdicts
from tests.support.command import answer, refusal
from tests.support.web import Client

SPAM = FILLED | {"contact_by_fax": "1", "utm_source": "newsletter"}
Headers = dict[str, str]


@pytest.fixture
def receipt(client: Client, business: Business, form: Made) -> str:
    """The uid of a receipt that waits."""
    made = form(notifications=["auto-reply", "email", "sms"])
    uid: str = client.post(f"/f/{made.key}", data=SPAM).headers["x-request-id"]
    return uid


def activities(business: Business) -> list[Activity]:
    with transaction() as session:
        return list(session.exec(select(Activity).where(Activity.business_id == business.id)).all())


def test_it_works(client: Client, business: Business, admin: Headers, receipt: str) -> None:
    waiting = client.get("/intake/v1/quarantine", headers=admin).json()["items"]
    assert [(one["receipt"], one["score"], one["rules"]) for one in waiting] == [(receipt, 100, ["honeypot"])]
    assert (leads(business), jobs(business)) == ([], [])
    released = client.post(f"/intake/v1/quarantine/{receipt}/release", headers=admin)
    lead, enquiry = leads(business)[0], enquiries(business)[0]
    assert released.json() == {"verdict": "created", "lead_uid": lead.uid, "enquiry_uid": enquiry.uid}
    assert enquiry.message_data == {"Message": "Twenty chairs, please"}
    assert jobs(business) == ["auto_reply", "owner_email", "owner_sms"]
    assert (len(receipts(business)), receipts(business)[0].promised, verdicts(business)) == (
        1,
        3,
        [("created", "")],
    )
    told = activities(business)[0]
    assert (told.kind, told.actor_type, told.timeline_id) == ("released", "user", lead.timeline_id)
    assert client.get("/intake/v1/quarantine", headers=admin).json() == {"items": []}


def test_it_releases_once(client: Client, admin: Headers, business: Business, receipt: str) -> None:
    url = f"/intake/v1/quarantine/{receipt}"
    assert [client.post(f"{url}/release", headers=admin).status_code for _ in range(2)] == [200, 404]
    assert client.delete(url, headers=admin).status_code == 404
    assert len(enquiries(business)) == 1


def test_it_drops(client: Client, admin: Headers, business: Business, receipt: str) -> None:
    assert client.delete(f"/intake/v1/quarantine/{receipt}", headers=admin).status_code == 204
    assert verdicts(business) == [("refused", "dropped: honeypot; score 100")]
    assert client.post(f"/intake/v1/quarantine/{receipt}/release", headers=admin).status_code == 404


def test_it_serves_an_operator(business: Business, receipt: str) -> None:
    line = answer("quarantine", "list", "--business", business.nickname).split("\t")
    assert (line[0], line[2:]) == (receipt, ["Contact us", "100", "honeypot\n"])
    assert answer("quarantine", "release", receipt).strip() == leads(business)[0].uid
    assert activities(business)[0].actor_name == "lead-intake"
    assert "no quarantined post" in refusal("quarantine", "drop", receipt)


def test_it_lists_one_form(client: Client, business: Business, form: Made, receipt: str) -> None:
    other = form(name="Other")
    client.post(f"/f/{other.key}", data=SPAM)
    listed = answer("quarantine", "list", "--business", business.nickname, "--form", other.key)
    assert (listed.count("\n"), receipt in listed) == (1, False)


def test_it_keeps_to_its_own_business(client: Client, receipt: str) -> None:
    with transaction() as session:
        token = issue(session, business=founded(), kind=TokenKind.STAFF, scopes=[Scope.ADMIN])
    theirs = {"Authorization": f"Bearer {token}"}
    assert client.post(f"/intake/v1/quarantine/{receipt}/release", headers=theirs).status_code == 404
    assert client.get("/intake/v1/quarantine", headers=theirs).json() == {"items": []}


def test_it_releases_after_the_form_was_deleted(
    client: Client, business: Business, form: Made, admin: Headers
) -> None:
    made = form()
    receipt = client.post(f"/f/{made.key}", files={"x": ("", b"")}, data=SPAM).headers["x-request-id"]
    answer("form", "delete", made.key)
    assert client.post(f"/intake/v1/quarantine/{receipt}/release", headers=admin).status_code == 200
    assert leads(business)[0].first_name == "Ada"
