"""Cancel what was to come with a lead that is deleted: the calendar is free again."""

from sqlmodel import Session, col, select

from models.appointment import Appointment, AppointmentStatus
from models.database import now
from models.lead import Lead
from models.operations.actor import Actor
from models.operations.appointments.promise import call_off
from models.operations.appointments.tell import tell


def cancel_appointments(session: Session, lead: Lead, actor: Actor) -> None:
    """Runs under the lead's row lock. Those that are over stay as they were."""
    moment = now(session)
    ahead = select(Appointment).where(
        Appointment.lead_id == lead.id,
        col(Appointment.deleted_at).is_(None),
        Appointment.status != AppointmentStatus.CANCELLED,
        Appointment.ends_at > moment,
    )
    for appointment in session.exec(ahead.order_by(col(Appointment.id)).with_for_update()):
        tell(
            session, actor, appointment, "cancelled", old=appointment.status, new=AppointmentStatus.CANCELLED
        )
        call_off(session, appointment)
        appointment.status = AppointmentStatus.CANCELLED
        appointment.updated_at = moment
