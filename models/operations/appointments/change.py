"""Change an appointment, and let the lead know of what matters to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.appointment import Appointment, AppointmentStatus
from models.database import now
from models.lead import Lead
from models.operations.actor import actor_of
from models.operations.appointments.calendar import check_times, enter
from models.operations.appointments.find import check_involved, locked
from models.operations.appointments.hand_over import handed_over, leave_trace
from models.operations.appointments.promise import promise_confirmation, promise_reminder
from models.operations.appointments.tell import tell_changes
from models.operations.appointments.wall_time import moment_of, zone_of

# Of interest to the lead; a new note goes along with the next of these.
TOLD = frozenset({"starts_at", "ends_at", "status", "lead_id"})


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeAppointment:
    """What is None stays as it is. Times are of the business's clock; `slug` names another lead.

    An appointment whose time changes is `rescheduled`, unless a status is said.
    """

    business_id: int
    user_id: int
    appointment_id: int
    slug: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    note: str | None = None
    status: AppointmentStatus | None = None
    remind_hours: float = 0.0


def change(session: Session, command: ChangeAppointment) -> Appointment:
    """Raises `UnknownAppointment`, `NotInvolved`, and whatever making one raises."""
    actor = actor_of(session, command.user_id)
    appointment, lead = locked(session, command.business_id, command.appointment_id)
    check_involved(appointment, lead, command.user_id)
    before = Appointment(**appointment.model_dump())
    changes = wanted(session, command, before, lead)
    if not changes:
        return appointment
    matters = is_told(session, before, changes)
    sequence = before.sequence + matters
    enter(session, appointment, changes | {"sequence": sequence, "updated_at": now(session)})
    if "lead_id" in changes:
        leave_trace(session, actor, before)
    tell_changes(session, actor, before, appointment)
    if matters:
        promise_confirmation(session, appointment)
        promise_reminder(session, appointment, command.remind_hours)
    return appointment


def wanted(session: Session, command: ChangeAppointment, before: Appointment, lead: Lead) -> dict[str, Any]:
    """The columns that get another value."""
    values = timed(session, command, before)
    if command.note is not None:
        values["note"] = command.note
    if command.status is not None:
        values["status"] = command.status
    if command.slug is not None and command.slug != lead.slug:
        values |= handed_over(session, before, command.slug, command.user_id)
    return {column: value for column, value in values.items() if value != getattr(before, column)}


def timed(session: Session, command: ChangeAppointment, before: Appointment) -> dict[str, Any]:
    """The new times, which are looked at only where one is sent: a note may be changed afterwards too."""
    if command.starts is None and command.ends is None:
        return {}
    zone = zone_of(session, command.business_id)
    starts_at = moment_of(command.starts, zone) if command.starts else before.starts_at
    ends_at = moment_of(command.ends, zone) if command.ends else before.ends_at
    check_times(session, starts_at, ends_at)
    if (starts_at, ends_at) == (before.starts_at, before.ends_at):
        return {}
    return {"starts_at": starts_at, "ends_at": ends_at, "status": AppointmentStatus.RESCHEDULED}


def is_told(session: Session, before: Appointment, changes: dict[str, Any]) -> bool:
    """Whether the lead's own calendar is to change: not for what was never in it, nor for what is over."""
    statuses = {before.status, changes.get("status", before.status)}
    last = max(before.ends_at, changes.get("ends_at", before.ends_at))
    return (
        bool(TOLD & changes.keys())
        and statuses != {AppointmentStatus.CANCELLED}
        and changes.get("status") != AppointmentStatus.FULFILLED
        and last > now(session)
    )
