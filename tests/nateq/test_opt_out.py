"""doNotContact, honoured from the moment at which it is said (promise P32)."""

from collections.abc import Callable, Sequence

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session, col, select

from models.business import Business
from models.conversion import Conversion
from models.database import transaction
from models.delivery import Suppression
from models.job import Job, JobKind
from models.lead import Lead
from models.operations.claim import claim
from models.operations.consent import Limits
from models.operations.owe import owe
from models.operations.reattach import reattach

Client = TestClient[Litestar]
Taken = Callable[..., str]

NO_LIMITS = Limits(cooldown=0, daily=1000)


def refusals(business: Business) -> list[str]:
    """Why the auto-replies that are owed must not go, as a worker finds out when it claims them."""
    with transaction() as session:
        held = claim(session, replies(session, business), lease=1, max_crashes=9)
        return [message.refusal for message in owe(session, held, NO_LIMITS, "example.org")]


def replies(session: Session, business: Business) -> Sequence[int]:
    owed = select(Job.id).where(Job.business_id == business.id, Job.kind == JobKind.AUTO_REPLY)
    return session.exec(owed.order_by(col(Job.id))).all()


def say(client: Client, bearer: dict[str, str], uid: str, *, unwanted: bool) -> None:
    answer = client.put(f"/api/v1/contacts/{uid}", headers=bearer, json={"doNotContact": unwanted})
    assert answer.json()["data"]["doNotContact"] is unwanted


@pytest.fixture
def promised(contact: Taken) -> str:
    """A contact to whom an auto-reply was promised while it was a lead."""
    return contact(notifications="auto-reply")


def test_it_works(client: Client, bearer: dict[str, str], promised: str, business: Business) -> None:
    say(client, bearer, promised, unwanted=True)
    assert refusals(business) == ["do_not_contact"]


def test_it_stops_nothing_unless_it_is_said(promised: str, business: Business) -> None:
    assert promised
    assert refusals(business) == [""]


def test_it_stops_replies_after_the_history_has_followed(
    client: Client, bearer: dict[str, str], promised: str, lead: Taken, business: Business
) -> None:
    with transaction() as session:
        query = select(Conversion.id).where(Conversion.business_id == business.id)
        assert reattach(session, session.exec(query).one())
    say(client, bearer, promised, unwanted=True)
    assert lead(notifications="auto-reply") == promised
    assert refusals(business) == ["do_not_contact"] * 2


def test_it_stops_replies_to_the_same_address_by_another_name(
    client: Client, bearer: dict[str, str], promised: str, lead: Taken, business: Business
) -> None:
    say(client, bearer, promised, unwanted=True)
    other = lead(identifier_type="unique_id", unique_id="crm-42", notifications="auto-reply")
    with transaction() as session:
        # Other tongues keep two leads with one address.
        session.exec(select(Lead).where(Lead.uid == other)).one().email = "ada@example.org"
    assert other != promised
    assert refusals(business) == ["do_not_contact"] * 2


def test_it_stops_replies_to_the_address_in_other_letters(
    client: Client, bearer: dict[str, str], promised: str, lead: Taken, business: Business
) -> None:
    changes = {"doNotContact": True, "email": "Ada.L@example.org"}
    client.put(f"/api/v1/contacts/{promised}", headers=bearer, json=changes)
    lead(email="aDA.l@example.org", notifications="auto-reply")
    assert refusals(business) == ["do_not_contact"] * 2


def test_it_stops_replies_to_the_old_address_too(
    client: Client, bearer: dict[str, str], promised: str, business: Business
) -> None:
    changes = {"doNotContact": True, "email": "countess@example.org"}
    client.put(f"/api/v1/contacts/{promised}", headers=bearer, json=changes)
    assert refusals(business) == ["do_not_contact"]


def test_it_leaves_others_alone(
    client: Client, bearer: dict[str, str], contact: Taken, business: Business
) -> None:
    unwanted = contact(email="grace@example.org")
    say(client, bearer, unwanted, unwanted=True)
    contact(notifications="auto-reply")
    assert refusals(business) == [""]


def test_it_may_be_taken_back(
    client: Client, bearer: dict[str, str], promised: str, business: Business
) -> None:
    say(client, bearer, promised, unwanted=True)
    say(client, bearer, promised, unwanted=False)
    assert refusals(business) == [""]


def test_it_takes_back_no_word_of_the_lead_or_of_the_recipient(
    client: Client, bearer: dict[str, str], promised: str, lead: Taken, business: Business
) -> None:
    other = lead(email="grace@example.org", notifications="auto-reply")
    client.post(f"/api/v1/leads/{other}/convert", headers=bearer)
    with transaction() as session:
        session.exec(select(Lead).where(Lead.uid == promised)).one().do_not_contact = True
        session.add(
            Suppression(
                business_id=business.id,
                channel="email",
                address="grace@example.org",
                reason="unsubscribed",
            )
        )
    for uid in (promised, other):
        say(client, bearer, uid, unwanted=False)
    assert refusals(business) == ["do_not_contact", "unsubscribed"]
