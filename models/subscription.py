"""Subscription: where a business's events go; Event: what happened; EventAttempt: one try of telling it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, count, key, moment, text, texts


class EventType(StrEnum):
    LEAD_CREATED = "lead.created"
    LEAD_UPDATED = "lead.updated"
    LEAD_REPEAT = "lead.repeat"
    LEAD_CONVERTED = "lead.converted"
    DELIVERY_FAILED = "delivery.failed"
    RECEIPT_QUARANTINED = "receipt.quarantined"
    RECEIPT_FAILED = "receipt.failed"


class Format(StrEnum):
    """In whose words an event is told: as Standard Webhooks advise, or as vcita does."""

    STANDARD = "standard"
    VCITA = "vcita"


class Subscription(SQLModel, table=True):
    """An address that is told of some types of events.

    `secret` signs, so it is kept as it is; `old_secret` signs beside it until `old_secret_until`.
    `topic` is what a caller of vcita's tongue subscribed to. `failing_since` is the first failure
    since the last success.
    """

    __table_args__ = (Index(None, "business_id", "id"),)

    id: int = key()
    uid: str = text(None, unique=True)
    business_id: int = big(foreign_key="business.id")
    url: str = text(None)
    events: list[str] = texts()
    format: str = text(Format.STANDARD)
    topic: str = text()
    secret: str = text(None)
    old_secret: str = text()
    old_secret_until: Moment = moment()
    active: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    failing_since: Moment = moment()
    disabled_at: Moment = moment()
    disabled_reason: str = text()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)


class Event(SQLModel, table=True):
    """Something that happened while somebody had subscribed to it; `uid` is the webhook-id of every try.

    `subject_id` is a lead's for the types `lead.created`, `lead.updated` and `lead.repeat`, else that of
    the conversion, the delivery or the receipt. What is told of it is read when it is sent.
    """

    id: int = key()
    uid: str = text(None)
    business_id: int = big()
    type: str = text(None)
    subject_id: int = big()
    enquiry_id: int | None = big(nullable=True)
    created_at: datetime = moment(now=True)


class EventAttempt(SQLModel, table=True):
    """One request: the status and the first words of the answer, or the error where none came (status 0)."""

    __tablename__ = "event_attempt"
    __table_args__ = (Index(None, "subscription_id", "id"), Index(None, "event_id"))

    id: int = key()
    subscription_id: int = big(foreign_key="subscription.id")
    event_id: int = big(foreign_key="event.id")
    status: int = count()
    error: str = text()
    answer: str = text()
    milliseconds: int = count()
    at: datetime = moment(now=True)
