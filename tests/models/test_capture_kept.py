"""Receipts that are kept before their verdict, and leads that stand beside those who are known."""

import pytest
from msgspec.structs import replace
from sqlmodel import select

from models.business import Business
from models.database import transaction
from models.errors import KeyReused
from models.job import Job, JobKind
from models.lead import Identity
from models.operations.commands import Arrival, Keep
from models.receipt import Receipt, Verdict
from tests.models.test_capture import capture, command, count, leads_of, receipts_of


def kept(business: Business, key: str | None = None, body: bytes = b"raw") -> Keep:
    arrival = Arrival(
        uid="0123456789abcdef", business_id=business.id, door="hook:web", body=body, idempotency_key=key
    )
    return Keep(arrival=arrival, verdict=Verdict.RECEIVED, promise=JobKind.CONVERT)


def test_it_keeps_a_receipt_and_promises_a_job_about_it(business: Business) -> None:
    assert capture(kept(business)).verdict == "received"
    receipt = receipts_of(business)[0]
    with transaction() as session:
        job = session.exec(select(Job).where(Job.business_id == business.id)).one()
    assert (job.kind, job.queue, job.subject_id) == ("convert", "convert", receipt.id)
    assert (receipt.verdict, receipt.body, receipt.promised) == ("received", b"raw", 0)


def test_it_keeps_one_receipt_a_key_before_there_is_a_lead(business: Business) -> None:
    assert not capture(kept(business, "d-1")).replayed
    assert capture(kept(business, "d-1")).replayed
    assert (count(Receipt, business), count(Job, business)) == (1, 1)


def test_it_refuses_the_key_of_another_body(business: Business) -> None:
    capture(kept(business, "d-1"))
    with pytest.raises(KeyReused):
        capture(kept(business, "d-1", b"other"))


def test_it_settles_the_receipt_that_waited(business: Business) -> None:
    capture(kept(business, "d-1"))
    waiting = receipts_of(business)[0]
    wanted = command(business, email="ada@example.org", first_name="Ada")
    capture(replace(wanted, arrival=replace(wanted.arrival, receipt_id=waiting.id)))
    receipt = receipts_of(business)[0]
    assert count(Receipt, business) == 1
    assert (receipt.verdict, receipt.lead_id) == ("created", leads_of(business)[0].id)
    assert (receipt.body, receipt.idempotency_key) == (b"raw", "d-1")


def test_it_makes_a_lead_beside_one_that_has_the_address(business: Business) -> None:
    first = capture(command(business, email="ada@example.org", first_name="Ada"))
    beside = capture(command(business, by=None, email="ada@example.org", first_name="Ada", owner_id=None))
    assert beside.verdict == "created"
    assert beside.lead_uid != first.lead_uid
    assert not beside.identity_conflict
    known = capture(command(business, email="ada@example.org"))
    assert known.lead_uid == first.lead_uid
    assert count(Identity, business) == 1
    assert {lead.email for lead in leads_of(business)} == {"ada@example.org"}


def test_it_tells_who_made_a_lead_and_whose_it_is(business: Business) -> None:
    wanted = command(business, email="ada@example.org", owner_id=12)
    capture(replace(wanted, arrival=replace(wanted.arrival, user_id=11)))
    again = command(business, email="ada@example.org", owner_id=22)
    capture(replace(again, arrival=replace(again.arrival, user_id=21)))
    assert [(lead.creator_id, lead.owner_id) for lead in leads_of(business)] == [(11, 12)]
