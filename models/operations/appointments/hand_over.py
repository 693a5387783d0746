"""Hand over: an appointment that is to be with another lead from now on."""

from typing import Any

from sqlmodel import Session

from models.appointment import Appointment
from models.database import now
from models.identifiers import new_uid
from models.operations.actor import Actor
from models.operations.appointments.calendar import calendar_of
from models.operations.appointments.find import lead_to_meet
from models.operations.appointments.promise import call_off
from models.operations.appointments.tell import tell


def handed_over(session: Session, before: Appointment, slug: str, user_id: int) -> dict[str, Any]:
    """The columns that go with another lead: an event of its own, which the first lead never sees."""
    lead = lead_to_meet(session, before.business_id, slug, user_id)
    return {
        "uid": new_uid(),
        "lead_id": lead.id,
        "timeline_id": lead.timeline_id,
        "owner_id": calendar_of(lead, user_id),
    }


def leave_trace(session: Session, actor: Actor, before: Appointment) -> None:
    """What the former lead knew stays as a deleted appointment of its own, and is called off."""
    trace = Appointment(**before.model_dump(exclude={"id"}) | {"deleted_at": now(session)})
    session.add(trace)
    session.flush()
    tell(session, actor, trace, "given to another lead")
    call_off(session, trace)
