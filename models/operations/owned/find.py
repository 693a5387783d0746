"""Find a lead by its slug, and say whose it is: its owner's, who made it, and its assignee's.

The owner is `creator_id`, which nobody changes; the assignee is `owner_id`, Sell's word for the same.
"""

from sqlmodel import Session, col, select

from models.database import held
from models.digits import is_number
from models.errors import Refusal, UnknownLead
from models.lead import Lead

LONGEST_SLUG = 258


class DeletedLead(UnknownLead):
    """The lead was there and is deleted."""

    reason = "deleted_lead"


class NotYours(Refusal):
    """The lead is another's, of the same business."""

    reason = "not_yours"


def lead_by_slug(session: Session, business_id: int, slug: str, *, locked: bool = False) -> Lead | None:
    """The lead, a deleted one too; `locked` keeps it from others until the transaction ends.

    A slug ends with the lead's id, so that it needs no index of its own.
    """
    digits = slug.rpartition("-")[2]
    if len(slug) > LONGEST_SLUG or not is_number(digits):
        return None
    query = select(Lead).where(
        Lead.id == int(digits), Lead.business_id == business_id, col(Lead.slug) == slug
    )
    return session.exec(held(query) if locked else query).first()


def living_lead(session: Session, business_id: int, slug: str, *, locked: bool = False) -> Lead:
    """The lead; one that was converted lives on. Raises `UnknownLead`, or `DeletedLead` which is one."""
    lead = lead_by_slug(session, business_id, slug, locked=locked)
    if lead is None:
        raise UnknownLead("there is no such lead", "slug")
    if lead.deleted_at is not None:
        raise DeletedLead("the lead is deleted", "slug")
    return lead


def is_owner(lead: Lead, user_id: int) -> bool:
    return lead.creator_id == user_id


def is_hers(lead: Lead, user_id: int) -> bool:
    """Whether somebody may write on the lead: its owner and its assignee may."""
    return user_id in (lead.creator_id, lead.owner_id)


def owned_lead(session: Session, business_id: int, user_id: int, slug: str) -> Lead:
    """A lead that its owner wants to change. Raises `UnknownLead`, `DeletedLead` or `NotYours`."""
    lead = living_lead(session, business_id, slug)
    if not is_owner(lead, user_id):
        raise NotYours("the lead is another's", "slug")
    return lead
