"""Tell: what was done to an appointment becomes a line on its lead's timeline."""

from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.activity import ActivityKind
from models.appointment import Appointment, AppointmentStatus
from models.operations.actor import Actor
from models.operations.appointments.wall_time import told, zone_of


def tell(  # noqa: PLR0913 - the columns of an activity
    session: Session,
    actor: Actor,
    appointment: Appointment,
    what: str,
    *,
    kind: ActivityKind = ActivityKind.UPDATED,
    old: str = "",
    new: str = "",
) -> None:
    activity = actor.did(
        business_id=appointment.business_id,
        timeline_id=appointment.timeline_id,
        kind=kind,
        description=f"Appointment {what}",
        facts={"object": "appointment", "id": appointment.id},
        old_value=old,
        new_value=new,
    )
    session.add(activity)


def span(appointment: Appointment, zone: ZoneInfo) -> str:
    """From when to when, by the business's clock."""
    return f"{told(appointment.starts_at, zone)} to {told(appointment.ends_at, zone)}"


def tell_changes(session: Session, actor: Actor, before: Appointment, after: Appointment) -> None:
    """One line for each thing that is another now."""
    zone = zone_of(session, after.business_id)
    old, new = span(before, zone), span(after, zone)
    if after.lead_id != before.lead_id:
        tell(session, actor, after, "made", kind=ActivityKind.CREATED, new=new)
    elif old != new:
        tell(session, actor, after, "rescheduled", old=old, new=new)
    is_told = old != new and after.status == AppointmentStatus.RESCHEDULED
    if after.status != before.status and not is_told:
        tell(session, actor, after, after.status, old=before.status, new=after.status)
    if after.note != before.note:
        tell(session, actor, after, "changed: note", old=before.note, new=after.note)
