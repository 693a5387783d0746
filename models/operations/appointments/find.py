"""Find the lead or the appointment that a caller names, and keep it as it is until the end."""

from sqlmodel import Session, col, select

from models.appointment import Appointment
from models.errors import UnknownLead
from models.lead import Lead
from models.operations.appointments.facts import NotInvolved, NotYourLead, UnknownAppointment
from models.operations.owned.find import is_hers, lead_by_slug


def lead_to_meet(session: Session, business_id: int, slug: str, user_id: int) -> Lead:
    """The lead, which nobody deletes or hands over meanwhile. Raises `UnknownLead` or `NotYourLead`."""
    found = lead_by_slug(session, business_id, slug)
    lead = kept(session, found.id) if found else None
    if lead is None or lead.deleted_at is not None:
        raise UnknownLead("there is no such lead", "slug")
    if not is_hers(lead, user_id):
        raise NotYourLead("appointments are for the owner of the lead and its assignee to make", "slug")
    return lead


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
        lead = kept(session, found.lead_id)
        again = living.with_for_update().execution_options(populate_existing=True)
        appointment = session.exec(again).first()
        if appointment is None or lead.deleted_at is not None:
            break
        if appointment.lead_id == lead.id:
            return appointment, lead
    raise UnknownAppointment("there is no such appointment", "appointment_id")


def kept(session: Session, lead_id: int) -> Lead:
    """A lead as it is under a lock that others may share, whatever this session read before."""
    query = select(Lead).where(Lead.id == lead_id).with_for_update(read=True)
    return session.exec(query.execution_options(populate_existing=True)).one()


def check_involved(appointment: Appointment, lead: Lead, user_id: int) -> None:
    """Raises `NotInvolved`."""
    if user_id != appointment.owner_id and not is_hers(lead, user_id):
        raise NotInvolved("neither the lead nor the calendar is this user's", "appointment_id")
