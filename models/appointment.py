"""Appointment: when a member of staff meets a lead."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, count, key, moment, text

NO_OVERLAP = "ex_appointment_owner_id"
DEFAULT_NOTE = "Prospect appointment"


class AppointmentStatus(StrEnum):
    PENDING = "pending"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"
    CONFIRMED = "confirmed"


# Those that are still to take place, as far as anybody has said.
AHEAD = frozenset({AppointmentStatus.PENDING, AppointmentStatus.RESCHEDULED, AppointmentStatus.CONFIRMED})


def exclusion() -> Any:  # noqa: ANN401 - SQLAlchemy leaves its constructor untyped
    """One calendar holds one thing at a time; one that ends at ten leaves ten o'clock free.

    Ids stand as ranges of one, since only range types bring a GiST class without an extension.
    """
    return ExcludeConstraint(
        (sql("int8range(business_id, business_id, '[]')"), "&&"),
        (sql("int8range(owner_id, owner_id, '[]')"), "&&"),
        (sql("tstzrange(starts_at, ends_at)"), "&&"),
        name=NO_OVERLAP,
        where=sql("status <> 'cancelled' AND deleted_at IS NULL"),
    )


class Appointment(SQLModel, table=True):
    """`owner_id` is whose calendar it stands in.

    `uid` and `sequence` are the event's in the lead's own calendar (RFC 5545, 3.8.4.7 and 3.8.7.4):
    `sequence` grows with each change that the lead is told. `remind_at` is when a reminder is due.
    """

    __table_args__ = (
        exclusion(),
        Index(None, "business_id", "starts_at", "id"),
        Index(None, "lead_id"),
    )

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    uid: str = text(None, unique=True)
    timeline_id: int = big()
    lead_id: int = big(foreign_key="lead.id")
    creator_id: int | None = big(nullable=True)
    owner_id: int = big()
    starts_at: datetime = Field(sa_type=DateTime(timezone=True), nullable=False)
    ends_at: datetime = Field(sa_type=DateTime(timezone=True), nullable=False)
    note: str = text(DEFAULT_NOTE)
    status: str = text(AppointmentStatus.PENDING)
    sequence: int = count()
    remind_at: Moment = moment()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
    deleted_at: Moment = moment()
