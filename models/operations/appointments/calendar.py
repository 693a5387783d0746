"""Calendar: whose time an appointment takes, and that nobody's is taken twice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.appointment import NO_OVERLAP, Appointment
from models.database import now
from models.lead import Lead
from models.operations.appointments.facts import EndsFirst, InThePast, Overlaps
from models.operations.locks import LOCK, locks


def calendar_of(lead: Lead, user_id: int) -> int:
    """The assignee's, else that of whoever made the lead, else the caller's."""
    return lead.owner_id or lead.creator_id or user_id


def check_times(session: Session, starts_at: datetime, ends_at: datetime) -> None:
    """Raises `EndsFirst` or `InThePast`, by the database's clock."""
    if ends_at <= starts_at:
        raise EndsFirst("the appointment ends before it starts", "appointment_to")
    if starts_at <= now(session):
        raise InThePast("the appointment would have begun already", "appointment_date")


def enter(session: Session, appointment: Appointment, values: Mapping[str, Any]) -> None:
    """Write an appointment with these values into its calendar. Raises `Overlaps`.

    Those who write into one calendar take turns: two inserts at once would wait for each other, and
    one of them would end as a deadlock and not as an answer.
    """
    turn = ("calendar", appointment.business_id, values.get("owner_id", appointment.owner_id))
    session.connection().exec_driver_sql(LOCK, (locks([turn]),))
    try:
        with session.begin_nested():
            for column, value in values.items():
                setattr(appointment, column, value)
            session.add(appointment)
            session.flush()
    except IntegrityError as exc:
        if constraint_of(exc) != NO_OVERLAP:
            raise
        raise Overlaps("the calendar holds something else at that time", "appointment_date") from exc


def constraint_of(exc: IntegrityError) -> str | None:
    """The name of the constraint that was violated, as PostgreSQL tells it."""
    diagnosis = getattr(exc.orig, "diag", None)
    return diagnosis.constraint_name if diagnosis else None
