"""Find the lead or the appointment that a caller names, and keep it as it is until the end."""

from sqlmodel import Session, col, select

from models.appointment import Appointment
from models.errors import UnknownLead
from models.lead import Lead
from models.operations.appointments.facts import NotInvolved, NotYourLead, UnknownAppointment


def lead_to_meet(session: Session, business_id: int, slug: str, user_id: int | None) -> Lead:
    """The lead, which nobody deletes or hands over meanwhile. Raises `UnknownLead` or `NotYourLead`."""
    mine = select(Lead).where(Lead.business_id == business_id, col(Lead.deleted_at).is_(None))
    lead = session.exec(mine.where(Lead.slug == slug).with_for_update(read=True)).first()
    if lead is None:
        raise UnknownLead("there is no such lead", "slug")
    if not is_theirs(lead, user_id):
        raise NotYourLead("appointments are for the owner of the lead and its assignee to make", "slug")
    return lead


def is_theirs(lead: Lead, user_id: int | None) -> bool:
    """Whether a user made the lead or works on it; one that nobody does is for everybody."""
    return user_id in (lead.creator_id, lead.owner_id) or lead.creator_id is lead.owner_id is None


def locked(session: Session, business_id: int, appointment_id: int) -> tuple[Appointment, Lead]:
    """An appointment and its lead. Raises `UnknownAppointment`.

    The lead's lock comes first, as it does for those who delete leads: nobody waits in a circle.
    """
    living = select(Appointment).where(
        Appointment.business_id == business_id,
        Appointment.id == appointment_id,
        col(Appointment.deleted_at).is_(None),
    )
    while found := session.exec(living).first():
        lead = session.exec(select(Lead).where(Lead.id == found.lead_id).with_for_update(read=True)).one()
        again = living.with_for_update().execution_options(populate_existing=True)
        appointment = session.exec(again).first()
        if appointment is None or lead.deleted_at is not None:
            break
        if appointment.lead_id == lead.id:
            return appointment, lead
    raise UnknownAppointment("there is no such appointment", "appointment_id")


def check_involved(appointment: Appointment, lead: Lead, user_id: int | None) -> None:
    """Raises `NotInvolved`."""
    if user_id != appointment.owner_id and not is_theirs(lead, user_id):
        raise NotInvolved("neither the lead nor the calendar is this user's", "appointment_id")
