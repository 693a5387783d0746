"""Happened: the events that jobs owe to subscriptions, with the rows that they tell of as these are now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from models.business import Business
from models.contact import Contact
from models.conversion import Conversion
from models.delivery import ERASED, OF_ERASED, Delivery
from models.enquiry import Enquiry
from models.job import Job
from models.lead import Lead
from models.operations.claim import Claimed
from models.receipt import Receipt
from models.subscription import Event, EventType, Subscription

T = TypeVar("T", bound=SQLModel)


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """An event and the rows that it is about; those that play no part in it are None."""

    event: Event
    business: Business
    lead: Lead | None = None
    enquiry: Enquiry | None = None
    conversion: Conversion | None = None
    individual: Contact | None = None
    organization: Contact | None = None
    delivery: Delivery | None = None
    receipt: Receipt | None = None

    @property
    def is_erased(self) -> bool:
        """Whether there is nobody any more whom it could tell of."""
        return (
            (self.lead is not None and self.lead.erased_at is not None)
            or (self.delivery is not None and self.delivery.recipient.startswith(OF_ERASED))
            or (self.receipt is not None and self.receipt.reason == ERASED)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """One event for one subscription; `secrets` are those that sign it now, the newest first."""

    job: Claimed
    subscription: Subscription
    secrets: tuple[str, ...]
    happened: Happened


def tellings(session: Session, jobs: Sequence[Claimed]) -> list[Telling]:
    """What the jobs owe. A subscription that is disabled, or a subject gone or erased, is owed nothing."""
    overlaps = col(Subscription.old_secret_until) > func.clock_timestamp()
    query = (
        select(Job.id, Event, Subscription, func.coalesce(overlaps, False))
        .join(Event, col(Event.id) == col(Job.subject_id))
        .join(Subscription, col(Subscription.id) == col(Job.target_id))
        .where(col(Job.id).in_([job.id for job in jobs]), col(Subscription.active))
        .where(col(Subscription.business_id) == col(Event.business_id))
        .order_by(col(Job.id))
    )
    by_id = {job.id: job for job in jobs}
    found = []
    for job_id, event, subscription, overlapping in session.exec(query).all():
        happened = happened_of(session, event)
        if happened is not None and not happened.is_erased:
            old = (subscription.old_secret,) if overlapping else ()
            found.append(
                Telling(
                    job=by_id[job_id],
                    subscription=subscription,
                    secrets=(subscription.secret, *old),
                    happened=happened,
                )
            )
    return found


def happened_of(session: Session, event: Event) -> Happened | None:
    """The event with its rows; None where what it was about is gone."""
    business = session.get_one(Business, event.business_id)
    if event.type == EventType.LEAD_CONVERTED:
        return converted(session, event, business)
    if event.type == EventType.DELIVERY_FAILED:
        return not_delivered(session, event, business)
    if event.type in (EventType.RECEIPT_QUARANTINED, EventType.RECEIPT_FAILED):
        receipt = mine(session, Receipt, event, event.subject_id)
        return Happened(event=event, business=business, receipt=receipt) if receipt else None
    lead = mine(session, Lead, event, event.subject_id)
    enquiry = mine(session, Enquiry, event, event.enquiry_id)
    return Happened(event=event, business=business, lead=lead, enquiry=enquiry) if lead else None


def converted(session: Session, event: Event, business: Business) -> Happened | None:
    conversion = mine(session, Conversion, event, event.subject_id)
    if conversion is None:
        return None
    return Happened(
        event=event,
        business=business,
        conversion=conversion,
        lead=mine(session, Lead, event, conversion.lead_id),
        individual=mine(session, Contact, event, conversion.individual_id),
        organization=mine(session, Contact, event, conversion.organization_id),
    )


def not_delivered(session: Session, event: Event, business: Business) -> Happened | None:
    """A message that failed, with the lead that it was about or for, where it was about one."""
    delivery = mine(session, Delivery, event, event.subject_id)
    if delivery is None:
        return None
    cause, _, number = delivery.cause.partition(":")
    enquiry = mine(session, Enquiry, event, int(number)) if cause == "enquiry" else None
    lead = None
    if enquiry is not None:
        lead = session.exec(select(Lead).where(Lead.timeline_id == enquiry.timeline_id)).first()
    return Happened(event=event, business=business, delivery=delivery, enquiry=enquiry, lead=lead)


def mine(session: Session, table: type[T], event: Event, number: int | None) -> T | None:
    """A row of the event's business."""
    row = None if number is None else session.get(table, number)
    return row if row is not None and getattr(row, "business_id", None) == event.business_id else None
