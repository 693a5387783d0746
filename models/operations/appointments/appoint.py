"""Appoint: make an appointment with a lead."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.activity import ActivityKind
from models.appointment import AHEAD, DEFAULT_NOTE, Appointment, AppointmentStatus
from models.identifiers import new_uid
from models.operations.actor import actor_of
from models.operations.appointments.calendar import calendar_of, check_times, enter
from models.operations.appointments.find import lead_to_meet
from models.operations.appointments.promise import promise_confirmation, promise_reminder
from models.operations.appointments.tell import span, tell
from models.operations.appointments.wall_time import moment_of, zone_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Appoint:
    """`starts` and `ends` are times of the business's clock, without a zone.

    `remind_hours` is how long before the start the lead is reminded; 0: not at all.
    """

    business_id: int
    user_id: int
    slug: str
    starts: datetime
    ends: datetime
    note: str = DEFAULT_NOTE
    status: AppointmentStatus = AppointmentStatus.PENDING
    remind_hours: float = 0.0


def appoint(session: Session, command: Appoint) -> Appointment:
    """Raises `UnknownLead`, `NotYourLead`, `EndsFirst`, `InThePast` or `Overlaps`."""
    actor = actor_of(session, command.user_id)
    lead = lead_to_meet(session, command.business_id, command.slug, command.user_id)
    zone = zone_of(session, command.business_id)
    starts_at, ends_at = moment_of(command.starts, zone), moment_of(command.ends, zone)
    check_times(session, starts_at, ends_at)
    appointment = Appointment(
        business_id=command.business_id,
        uid=new_uid(),
        timeline_id=lead.timeline_id,
        lead_id=lead.id,
        creator_id=command.user_id,
        owner_id=calendar_of(lead, command.user_id),
        starts_at=starts_at,
        ends_at=ends_at,
        note=command.note,
        status=command.status,
    )
    enter(session, appointment, {})
    tell(session, actor, appointment, "made", kind=ActivityKind.CREATED, new=span(appointment, zone))
    if appointment.status in AHEAD:
        promise_confirmation(session, appointment)
        promise_reminder(session, appointment, command.remind_hours)
    return appointment
