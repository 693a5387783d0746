"""Find a person: the lead or the contact that a reference means, within one business."""

from typing import TypeVar

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.contact import Contact
from models.database import held
from models.digits import is_number
from models.errors import NotFound, UnknownLead
from models.lead import Lead

P = TypeVar("P", Lead, Contact)

LONGEST_REFERENCE = 200


def find_lead(session: Session, business_id: int, reference: str) -> Lead:
    """The lead with this uid or integer id; one that was converted is found still. Raises `UnknownLead`."""
    lead = _found(session, Lead, business_id, reference)
    if lead is None:
        raise UnknownLead("there is no such lead", "id")
    return lead


def find_contact(session: Session, business_id: int, reference: str, *, locked: bool = False) -> Contact:
    """The contact with this uid or integer id; `locked` keeps it from others. Raises `NotFound`."""
    contact = _found(session, Contact, business_id, reference, locked=locked)
    if contact is None:
        raise NotFound("there is no such contact", "id")
    return contact


def _found(
    session: Session, table: type[P], business_id: int, reference: str, *, locked: bool = False
) -> P | None:
    # PostgreSQL takes neither NUL nor half a surrogate pair, and no reference of ours holds them.
    if not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        return None
    by_uid = col(table.uid) == reference
    named = or_(by_uid, col(table.id) == int(reference)) if is_number(reference) else by_uid
    query = select(table).where(col(table.business_id) == business_id, col(table.deleted_at).is_(None), named)
    query = query.order_by(by_uid.desc()).limit(1)
    return session.exec(held(query) if locked else query).first()
