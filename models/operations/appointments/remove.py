"""Remove: an appointment is marked as deleted, and its time is free again."""

from dataclasses import dataclass

from sqlmodel import Session

from models.activity import ActivityKind
from models.database import now
from models.operations.actor import actor_of
from models.operations.appointments.find import check_involved, locked
from models.operations.appointments.promise import call_off
from models.operations.appointments.tell import span, tell
from models.operations.appointments.wall_time import zone_of


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveAppointment:
    business_id: int
    user_id: int
    appointment_id: int


def remove(session: Session, command: RemoveAppointment) -> None:
    """Raises `UnknownAppointment` or `NotInvolved`."""
    actor = actor_of(session, command.user_id)
    appointment, lead = locked(session, command.business_id, command.appointment_id)
    check_involved(appointment, lead, command.user_id)
    zone = zone_of(session, command.business_id)
    tell(session, actor, appointment, "deleted", kind=ActivityKind.DELETED, old=span(appointment, zone))
    appointment.deleted_at = now(session)
    call_off(session, appointment)
