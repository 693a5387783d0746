"""Delivery: one message to one recipient, its states and its attempts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from models.columns import Moment, big, count, key, moment, text


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    APPRISE = "apprise"


class DeliveryState(StrEnum):
    """`unknown`: the provider may have taken it before we lost touch; see house.md part 4."""

    OWED = "owed"
    IN_FLIGHT = "in_flight"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"


class Delivery(SQLModel, table=True):
    """The unique key is what keeps a cause from being told twice to the same recipient."""

    __table_args__ = (
        UniqueConstraint("business_id", "cause", "channel", "template", "recipient"),
        Index("ix_delivery_recipient", "recipient", "template", "created_at"),
        Index("ix_delivery_created_at", "created_at", postgresql_using="brin"),
    )

    id: int = key()
    business_id: int = big()
    job_id: int = big(index=True)
    cause: str = text(None)
    channel: str = text(None)
    template: str = text(None)
    form: str = text()
    recipient: str = text(None)
    state: str = text(DeliveryState.OWED)
    reason: str = text()
    attempts: int = count()
    copies: int = count()
    message_id: str = text()
    provider_id: str = text()
    unsubscribe_token: str | None = text(None, nullable=True, unique=True)
    created_at: datetime = moment(now=True)
    in_flight_at: Moment = moment()
    sent_at: Moment = moment()


class DeliveryAttempt(SQLModel, table=True):
    """One try of a delivery: what the provider answered, in its own words without addresses."""

    __tablename__ = "delivery_attempt"

    id: int = key()
    delivery_id: int = big(foreign_key="delivery.id", index=True)
    outcome: str = text(None)
    code: str = text()
    answer: str = text()
    at: datetime = moment(now=True)


# The reasons of suppressions that hold for mail to visitors alone; a dead address is dead for all.
UNSUBSCRIBED = "unsubscribed"
ERASED = "erased"
OF_VISITORS = frozenset({UNSUBSCRIBED, ERASED})
# What the recipient of a message to a person who was erased begins with.
OF_ERASED = "erased:"


class Suppression(SQLModel, table=True):
    """An address that must not be written to again, and why; of one that was erased its hash (`hashed`)."""

    __table_args__ = (UniqueConstraint("business_id", "channel", "address"),)

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    channel: str = text(None)
    address: str = text(None)
    reason: str = text()
    created_at: datetime = moment(now=True)


def hashed(salt: str, address: str) -> str:
    """SQL of what stands in place of an erased address: SHA-256 of the business's salt and the address."""
    return f"'sha256:' || encode(sha256({salt} || convert_to({address}, 'UTF8')), 'hex')"
