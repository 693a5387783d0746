"""List people: leads or contacts of a business, the newest first, by page or from a place in the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.contact import Contact
from models.lead import Lead

P = TypeVar("P", Lead, Contact)


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedPeople:
    """At most `limit` people, after `skip` others or, for any depth at one price, those below an id.

    Empty text filters nothing. Only a list that is `counted` tells how many people there are.
    """

    business_id: int
    limit: int
    skip: int = 0
    below: int | None = None
    email: str = ""
    external_id: str = ""
    counted: bool = True


@dataclass(frozen=True, slots=True)
class People(Generic[P]):
    """A stretch of the list; `more` says whether it goes on."""

    rows: Sequence[P]
    more: bool
    total: int | None


def list_leads(session: Session, wanted: WantedPeople) -> People[Lead]:
    """Leads that are leads still: one that was converted stands among the contacts."""
    query = select(Lead).where(
        col(Lead.business_id) == wanted.business_id,
        col(Lead.deleted_at).is_(None),
        col(Lead.converted_at).is_(None),
    )
    if wanted.external_id:
        query = query.where(col(Lead.unique_id) == wanted.external_id)
    return _listed(session, Lead, query, wanted)


def list_contacts(session: Session, wanted: WantedPeople) -> People[Contact]:
    """Individuals and organizations alike."""
    query = select(Contact).where(
        col(Contact.business_id) == wanted.business_id, col(Contact.deleted_at).is_(None)
    )
    if wanted.external_id:
        query = query.where(col(Contact.external_id) == wanted.external_id)
    return _listed(session, Contact, query, wanted)


def _listed(session: Session, table: type[P], query: SelectOfScalar[P], wanted: WantedPeople) -> People[P]:
    if wanted.email:
        query = query.where(col(table.email) == wanted.email)
    total = None
    if wanted.counted:
        total = session.exec(select(func.count()).select_from(query.subquery())).one()
    if wanted.below is not None:
        query = query.where(col(table.id) < wanted.below)
    # One more than wanted tells whether the list goes on.
    stretch = query.order_by(col(table.id).desc()).offset(wanted.skip).limit(wanted.limit + 1)
    rows = session.exec(stretch).all()
    return People(rows[: wanted.limit], len(rows) > wanted.limit, total)
