"""Undo: a conversion is taken back while nobody has worked on what it made."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col, select

from models.activity import Activity, ActivityKind, Note, Task
from models.contact import Contact
from models.conversion import Conversion, ConversionState
from models.database import now
from models.deal import AssociatedContact, Deal
from models.errors import UnknownConversion, WorkedOn
from models.lead import Lead
from models.operations.actor import Actor
from models.operations.reattach import point
from models.timeline import Follow, Owner


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoConversion:
    business_id: int
    conversion_id: int
    actor: Actor


def undo(session: Session, command: UndoConversion) -> Conversion:
    """Put everything back: the history to the lead, the lead among leads; what was made is deleted.

    Raises `UnknownConversion`, or `WorkedOn` which names what somebody has worked on, or says that the
    conversion came from elsewhere.
    """
    conversion = locked(session, command)
    if conversion.moved.get("imported"):
        raise WorkedOn("the lead was converted before it came here")
    lead = session.exec(select(Lead).where(Lead.id == conversion.lead_id).with_for_update()).one()
    contacts, deal = made_by(session, conversion)
    touched = [
        *touched_contacts(session, contacts),
        *touched_deals(session, conversion, contacts, deal),
    ]
    if touched:
        raise WorkedOn(f"somebody has worked on {', '.join(touched)} since")
    point(session, command.business_id, lead.timeline_id, Owner.LEAD, lead.id)
    session.execute(delete(Follow).where(col(Follow.timeline_id) == lead.timeline_id))
    for made in (*contacts, *deal):
        made.deleted_at = now(session)
    lead.converted_at = None
    conversion.state, conversion.undone_at = ConversionState.UNDONE, now(session)
    session.add(told(command, lead))
    session.flush()
    session.refresh(conversion)
    return conversion


def locked(session: Session, command: UndoConversion) -> Conversion:
    """The conversion, which no worker reattaches meanwhile."""
    query = select(Conversion).where(
        Conversion.business_id == command.business_id,
        Conversion.id == command.conversion_id,
        Conversion.state != ConversionState.UNDONE,
    )
    conversion = session.exec(query.with_for_update()).first()
    if conversion is None:
        raise UnknownConversion("there is no such conversion", "id")
    return conversion


def made_by(session: Session, conversion: Conversion) -> tuple[list[Contact], list[Deal]]:
    """What the conversion made, locked, so that nobody begins to work on it now."""
    ids = [one for one in (conversion.individual_id, conversion.organization_id) if one is not None]
    contacts = select(Contact).where(col(Contact.id).in_(ids)).order_by(col(Contact.id)).with_for_update()
    deals = select(Deal).where(Deal.id == conversion.deal_id).with_for_update()
    return list(session.exec(contacts)), list(session.exec(deals))


def touched_contacts(session: Session, contacts: list[Contact]) -> Iterator[str]:
    ids = [contact.id for contact in contacts]
    for contact in contacts:
        kind = "organization" if contact.is_organization else "contact"
        if contact.deleted_at is not None or written_on(session, contact.timeline_id):
            yield f"{kind} {contact.id}"
    strangers = select(Contact.id).where(col(Contact.contact_id).in_(ids), col(Contact.id).not_in(ids))
    yield from (f"contact {one}" for one in session.exec(strangers.where(col(Contact.deleted_at).is_(None))))


def touched_deals(
    session: Session, conversion: Conversion, contacts: list[Contact], deals: list[Deal]
) -> Iterator[str]:
    ids = [contact.id for contact in contacts]
    for deal in deals:
        associated = select(AssociatedContact.id).where(AssociatedContact.deal_id == deal.id)
        if (
            deal.deleted_at is not None
            or written_on(session, deal.timeline_id)
            or session.exec(associated).first()
        ):
            yield f"deal {deal.id}"
    others = select(Deal.id).where(
        (col(Deal.contact_id).in_(ids)) | (col(Deal.organization_id).in_(ids)),
        col(Deal.id).is_distinct_from(conversion.deal_id),
        col(Deal.deleted_at).is_(None),
    )
    yield from (f"deal {one}" for one in session.exec(others))


def written_on(session: Session, timeline_id: int) -> bool:
    """Whether anything stands on a timeline beyond the line that told of its birth."""
    notes = select(Note.id).where(Note.timeline_id == timeline_id)
    tasks = select(Task.id).where(Task.timeline_id == timeline_id)
    lines = select(Activity.id).where(
        Activity.timeline_id == timeline_id, Activity.kind != ActivityKind.CREATED
    )
    return any(session.exec(query.limit(1)).first() is not None for query in (notes, tasks, lines))


def told(command: UndoConversion, lead: Lead) -> Activity:
    return command.actor.did(
        business_id=command.business_id,
        timeline_id=lead.timeline_id,
        kind=ActivityKind.UNDONE,
        description="Conversion undone",
        old_value="contact",
        new_value="lead",
    )
