"""Identities of leads that were written one by one: free ones are taken, and those of the gone set free.

A plain create may make a second lead with a known address. The identity stays with the first, and the
second has none (house.md part 5). The advisory locks are those of the capture lane, and come before
any row's.
"""

from sqlalchemy import delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models.conversion import Conversion, ConversionState
from models.identifiers import email_address
from models.lead import Identity, IdentityKind, Lead
from models.operations.appointments.cancel import cancel_appointments
from models.operations.locks import LOCK, locks
from models.operations.records.kind import Draft, Row


def guard_lead(session: Session, business_id: int, lead_id: int | None, values: Row) -> None:
    """Lock what the lead is known by and will be known by. Raises `Invalid` for an address that is none."""
    if lead_id is not None and values and "email" not in values:
        return
    held = [] if lead_id is None else known_by(session, business_id, [lead_id])
    if values.get("email"):
        held.append((business_id, str(IdentityKind.EMAIL), email_address(values["email"]).identity))
    _lock(session, held)


def guard_contact(session: Session, business_id: int, contact_id: int | None, values: Row) -> None:
    """Lock the identities that lead to a contact which is about to be removed."""
    if contact_id is not None and not values:
        _lock(session, known_by(session, business_id, _leads_of(session, business_id, contact_id)))


def take_identity(draft: Draft) -> None:
    """Let the lead be known by its address, unless somebody else is."""
    if not (draft.new or "email" in draft.values):
        return
    lead: Lead = draft.record
    wanted = email_address(lead.email).identity if lead.email else ""
    mine = [col(Identity.lead_id) == lead.id, col(Identity.kind) == IdentityKind.EMAIL]
    draft.session.execute(delete(Identity).where(*mine, col(Identity.value) != wanted))
    if wanted:
        row = {"business_id": lead.business_id, "kind": IdentityKind.EMAIL.value, "value": wanted}
        draft.session.execute(insert(Identity).values(**row, lead_id=lead.id).on_conflict_do_nothing())


def free_lead(draft: Draft) -> None:
    """A later enquiry of this person makes a new lead, and does not vanish with the deleted one.

    What was to come with the deleted one is called off.
    """
    cancel_appointments(draft.session, draft.record, draft.actor)
    draft.session.execute(delete(Identity).where(col(Identity.lead_id) == draft.record.id))


def free_contact(draft: Draft) -> None:
    leads = _leads_of(draft.session, draft.business_id, draft.record.id)
    draft.session.execute(delete(Identity).where(col(Identity.lead_id).in_(leads)))


def _leads_of(session: Session, business_id: int, contact_id: int) -> list[int]:
    """The leads that became this contact, the individual before the organization."""
    alone = col(Conversion.individual_id).is_(None) & (col(Conversion.organization_id) == contact_id)
    became = select(Conversion.lead_id).where(
        Conversion.business_id == business_id,
        Conversion.state != ConversionState.UNDONE,
        or_(col(Conversion.individual_id) == contact_id, alone),
    )
    return list(session.exec(became))


def known_by(session: Session, business_id: int, leads: list[int]) -> list[tuple[int, str, str]]:
    """The identities of leads, by whose names their locks go."""
    held = select(Identity.kind, Identity.value).where(
        Identity.business_id == business_id, col(Identity.lead_id).in_(leads)
    )
    return [(business_id, kind, value) for kind, value in session.exec(held)]


def _lock(session: Session, identities: list[tuple[int, str, str]]) -> None:
    if identities:
        session.connection().exec_driver_sql(LOCK, (locks(identities),))
