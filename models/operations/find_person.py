"""Find a person: the lead or the contact that a reference means, within one business."""

from typing import TypeVar

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.contact import Contact
from models.errors import NotFound, UnknownLead
from models.lead import Lead

P = TypeVar("P", Lead, Contact)

LONGEST_REFERENCE = 200
MOST_DIGITS = 18  # What surely fits into the integer key.


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
    named = or_(by_uid, col(table.id) == int(reference)) if _is_integer(reference) else by_uid
    query = select(table).where(col(table.business_id) == business_id, col(table.deleted_at).is_(None), named)
    query = query.order_by(by_uid.desc()).limit(1)
    if locked:
        # As it is under the lock, whatever this session read before.
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.exec(query).first()


def _is_integer(reference: str) -> bool:
    return reference.isascii() and reference.isdigit() and len(reference) <= MOST_DIGITS
