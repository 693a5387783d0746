"""Leads that somebody is told of, the jobs that owe it, and a worker that does them."""

from typing import Any

from sqlmodel import col, select

from models.business import Business
from models.database import transaction
from models.identifiers import email_address, new_uid
from models.job import Job, JobKind
from models.lead import IdentityKind, Lead
from models.operations.capture import capture_lead
from models.operations.commands import Arrival, Captured, CaptureLead
from models.subscription import Event, EventAttempt, Subscription
from tests.workers.promised import somebody
from workers.run import run

CREATED, UPDATED, REPEAT = "lead.created", "lead.updated", "lead.repeat"
CONVERTED, FAILED, QUARANTINED = "lead.converted", "delivery.failed", "receipt.quarantined"


def arrival(business: Business, door: str = "leadgen") -> Arrival:
    return Arrival(uid=new_uid(), business_id=business.id, door=door, body=b"")


def taken_in(business: Business, email: str = "", **given: Any) -> Captured:
    """Take in a request of somebody, as a worker does."""
    wanted = CaptureLead(
        arrival=arrival(business),
        match_on=IdentityKind.EMAIL,
        email=email_address(email or somebody()),
        **{"title": "A chair", "first_name": "Ada"} | given,
    )
    with transaction() as session:
        return capture_lead(session, wanted)


def owed(one: Subscription) -> list[Job]:
    """What a subscription is owed or was told, the oldest first."""
    with transaction() as session:
        jobs = select(Job).where(Job.kind == JobKind.EVENT, Job.target_id == one.id)
        return list(session.exec(jobs.order_by(col(Job.id))).all())


def types(one: Subscription) -> list[str]:
    with transaction() as session:
        return [session.get_one(Event, job.subject_id).type for job in owed(one)]


def events_of(business: Business) -> list[Event]:
    with transaction() as session:
        events = select(Event).where(Event.business_id == business.id).order_by(col(Event.id))
        return list(session.exec(events).all())


def tell(one: Subscription) -> list[Job]:
    """Do what is owed to a subscription and due; its jobs afterwards."""
    run([job.id for job in owed(one)])
    return owed(one)


def tell_again(one: Subscription) -> list[Job]:
    """As if the time to try again had come."""
    make_due(one)
    return tell(one)


def make_due(one: Subscription) -> None:
    with transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE job SET next_at = clock_timestamp() WHERE kind = 'event' AND target_id = %s"
            " AND state = 'pending'",
            (one.id,),
        )


def tries(one: Subscription) -> list[EventAttempt]:
    with transaction() as session:
        attempts = select(EventAttempt).where(EventAttempt.subscription_id == one.id)
        return list(session.exec(attempts.order_by(col(EventAttempt.id))).all())


def now_is(one: Subscription) -> Subscription:
    with transaction() as session:
        return session.get_one(Subscription, one.id)


def lead_of(uid: str) -> Lead:
    with transaction() as session:
        return session.exec(select(Lead).where(Lead.uid == uid)).one()
