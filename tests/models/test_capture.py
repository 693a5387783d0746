"""Capture, in a session's own transaction."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import col, func, select

from models.business import Business
from models.database import transaction
from models.enquiry import Enquiry
from models.errors import KeyReused
from models.identifiers import email_address, new_uid
from models.job import Job, JobKind
from models.lead import Identity, IdentityKind, Lead
from models.operations.capture import capture_lead
from models.operations.commands import Arrival, Captured, CaptureLead, Command
from models.receipt import Receipt

EMAIL, UNIQUE_ID = IdentityKind.EMAIL, IdentityKind.UNIQUE_ID


def command(
    business: Business, *, by: IdentityKind | None = EMAIL, email: str = "", **given: Any
) -> CaptureLead:
    key = given.pop("key", None)
    arrival = Arrival(
        uid=new_uid(), business_id=business.id, door="leadgen", body=b"raw", idempotency_key=key
    )
    address = email_address(email) if email else None
    return CaptureLead(arrival=arrival, match_on=by, email=address, **{"title": "A chair"} | given)


def capture(wanted: Command) -> Captured:
    with transaction() as session:
        return capture_lead(session, wanted)


def leads_of(business: Business) -> Sequence[Lead]:
    with transaction() as session:
        return session.exec(select(Lead).where(Lead.business_id == business.id).order_by(col(Lead.id))).all()


def count(table: type[Any], business: Business) -> int:
    with transaction() as session:
        return session.exec(
            select(func.count()).select_from(table).where(table.business_id == business.id)
        ).one()


def receipts_of(business: Business) -> Sequence[Receipt]:
    with transaction() as session:
        query = select(Receipt).where(Receipt.business_id == business.id).order_by(col(Receipt.id))
        return session.exec(query).all()


def test_it_works(business: Business) -> None:
    captured = capture(
        command(
            business,
            email="Ada@Example.ORG",
            first_name="Ada",
            phone="415 555 0123",
            phone_e164="+14155550123",
        )
    )
    lead = leads_of(business)[0]
    assert captured.verdict == "created"
    assert (lead.uid, lead.email, lead.first_name) == (captured.lead_uid, "Ada@example.org", "Ada")
    assert (lead.phone, lead.phone_e164, lead.status) == ("415 555 0123", "+14155550123", "lead")
    with transaction() as session:
        enquiry = session.exec(select(Enquiry).where(Enquiry.business_id == business.id)).one()
        identity = session.exec(select(Identity).where(Identity.lead_id == lead.id)).one()
    assert (enquiry.uid, enquiry.timeline_id, enquiry.title) == (
        captured.enquiry_uid,
        lead.timeline_id,
        "A chair",
    )
    assert (identity.kind, identity.value) == ("email", "ada@example.org")
    receipt = receipts_of(business)[0]
    assert (receipt.verdict, receipt.body, receipt.lead_id) == ("created", b"raw", lead.id)


def test_it_knows_a_person_by_email_whatever_the_case(business: Business) -> None:
    first = capture(command(business, email="ada@example.org", first_name="Ada"))
    again = capture(command(business, email="ADA@EXAMPLE.org", first_name="Eve", last_name="Lovelace"))
    assert again.lead_uid == first.lead_uid
    assert again.enquiry_uid != first.enquiry_uid
    assert again.verdict == "updated"
    lead = leads_of(business)[0]
    assert (lead.first_name, lead.last_name) == ("Ada", "Lovelace")
    assert receipts_of(business)[1].difference == [
        {"field": "first_name", "rule": "kept", "was": "Ada", "sent": "Eve"},
        {"field": "last_name", "rule": "filled", "was": "", "sent": "Lovelace"},
    ]


def test_it_tells_a_repeat_from_an_update(business: Business) -> None:
    capture(command(business, email="ada@example.org", first_name="Ada"))
    assert capture(command(business, email="ada@example.org", first_name="Ada")).verdict == "repeat"
    assert count(Enquiry, business) == 2


def test_it_keeps_businesses_apart(business: Business, database: str) -> None:
    from tests.conftest import founded  # noqa: PLC0415 - a helper, not a fixture

    other = founded()
    capture(command(business, email="ada@example.org"))
    assert capture(command(other, email="ada@example.org")).verdict == "created"


def test_it_matches_by_the_named_identifier_only(business: Business) -> None:
    by_email = capture(command(business, email="ada@example.org", first_name="Ada"))
    by_id = capture(command(business, by=UNIQUE_ID, unique_id="42", first_name="Ada"))
    assert by_email.lead_uid != by_id.lead_uid


def test_it_gives_a_known_lead_an_identifier_that_nobody_has(business: Business) -> None:
    first = capture(command(business, email="ada@example.org"))
    assert capture(command(business, email="ada@example.org", unique_id="42")).verdict == "updated"
    assert capture(command(business, by=UNIQUE_ID, unique_id="42")).lead_uid == first.lead_uid


def test_it_makes_a_lead_that_nobody_is_taken_for(business: Business) -> None:
    known_by = {"email": "ada@example.org", "unique_id": "42"}
    apart = capture(command(business, by=None, claims=False, **known_by))
    for by in (EMAIL, UNIQUE_ID):
        assert capture(command(business, by=by, **known_by)).lead_uid != apart.lead_uid
    assert [lead.email for lead in leads_of(business)] == ["ada@example.org"] * 2


def test_it_does_not_change_an_identifier(business: Business) -> None:
    first = capture(command(business, by=UNIQUE_ID, unique_id="42", email="ada@example.org"))
    again = capture(command(business, by=UNIQUE_ID, unique_id="42", email="other@example.org"))
    assert (again.lead_uid, again.verdict, again.identity_conflict) == (first.lead_uid, "repeat", False)
    assert leads_of(business)[0].email == "ada@example.org"
    # The address stays free for whoever really has it.
    assert capture(command(business, email="other@example.org")).verdict == "created"


def test_it_takes_in_a_lead_whose_other_identifier_is_somebody_elses(business: Business) -> None:
    capture(command(business, by=UNIQUE_ID, unique_id="42", first_name="Bob"))
    captured = capture(command(business, email="ada@example.org", unique_id="42", first_name="Ada"))
    bob, ada = leads_of(business)
    assert (captured.verdict, captured.identity_conflict) == ("created", True)
    assert (bob.first_name, bob.unique_id, ada.first_name, ada.unique_id) == ("Bob", "42", "Ada", "")
    assert receipts_of(business)[1].identity_conflict


def test_it_tells_the_identifier_of_a_known_lead_that_is_somebody_elses(business: Business) -> None:
    capture(command(business, by=UNIQUE_ID, unique_id="42", first_name="Bob"))
    capture(command(business, email="ada@example.org"))
    captured = capture(command(business, email="ada@example.org", unique_id="42"))
    assert (captured.verdict, captured.identity_conflict) == ("repeat", True)
    assert receipts_of(business)[2].difference == [
        {"field": "unique_id", "rule": "kept", "was": "", "sent": "42"}
    ]


def test_it_can_write_to_a_person_whose_address_somebody_else_is_known_by(business: Business) -> None:
    capture(command(business, email="ada@example.org", first_name="Ada"))
    other = command(business, by=UNIQUE_ID, unique_id="42", email="ada@example.org", first_name="Bob")
    assert capture(other).identity_conflict
    assert [lead.email for lead in leads_of(business)] == ["ada@example.org", "ada@example.org"]
    assert capture(command(business, email="ada@example.org")).lead_uid == leads_of(business)[0].uid


def test_it_owes_the_messages_that_were_asked_for(business: Business) -> None:
    wanted = frozenset({JobKind.AUTO_REPLY, JobKind.OWNER_SMS})
    capture(command(business, email="ada@example.org", notifications=wanted, owner_channels=(7,)))
    with transaction() as session:
        jobs = session.exec(select(Job).where(Job.business_id == business.id).order_by(col(Job.id))).all()
    assert [(job.kind, job.queue, job.target_id) for job in jobs] == [
        ("auto_reply", "notify.email", None),
        ("owner_sms", "notify.sms", None),
        ("owner_channel", "default", 7),
    ]
    assert receipts_of(business)[0].promised == 3


class TestIdempotencyKey:
    def test_it_answers_the_first_again(self, business: Business) -> None:
        key = uuid.uuid4().hex
        first = capture(command(business, email="ada@example.org", key=key))
        again = capture(command(business, email="ada@example.org", key=key))
        assert (again.lead_uid, again.enquiry_uid, again.replayed) == (
            first.lead_uid,
            first.enquiry_uid,
            True,
        )
        assert count(Enquiry, business) == 1

    def test_it_refuses_another_request_under_the_same_key(self, business: Business) -> None:
        key = uuid.uuid4().hex
        capture(command(business, email="ada@example.org", key=key))
        other = command(business, email="eve@example.org", key=key)
        arrival = Arrival(
            uid=new_uid(), business_id=business.id, door="leadgen", body=b"2", idempotency_key=key
        )
        with pytest.raises(KeyReused):
            capture(CaptureLead(arrival=arrival, match_on=EMAIL, email=other.email, title="Other"))
        assert len(leads_of(business)) == 1
