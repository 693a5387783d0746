"""List: the leads that somebody owns or works on, the newest first, as far as they meet the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal_column
from sqlmodel import Session, col, select

from models.business import Business, User
from models.identifiers import phone_e164
from models.lead import Lead
from models.operations.owned.words import PROSPECT, STATUSES, told_source, told_status
from models.operations.staff import named_user
from models.operations.tally import Whose, counts_of

NOT_DIGITS = str.maketrans("", "", "+-()./ ")


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedLeads:
    """At most `limit` leads after `skip` others; an empty text filters nothing. `owner` is a username."""

    business_id: int
    user_id: int
    limit: int
    skip: int = 0
    assigned: bool = False
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    status: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list, in this tongue's words; `owner` is a username."""

    id: int
    slug: str
    first_name: str
    last_name: str
    phone: str
    email: str
    created_at: datetime
    status: str
    source: str
    owner: str


@dataclass(frozen=True, slots=True)
class LeadPage:
    leads: Sequence[Listed]
    count: int


def list_leads(session: Session, wanted: WantedLeads) -> LeadPage:
    whose = whose_leads(session, wanted)
    if whose is None:
        return LeadPage((), 0)
    filters = named(session, wanted)
    clauses = [*theirs(whose), *filters]
    if filters:
        count = session.exec(select(func.count()).select_from(Lead).where(*clauses)).one()
    else:
        count = counts_of(session, whose).total
    return LeadPage(page(session, clauses, wanted), count)


def whose_leads(session: Session, wanted: WantedLeads) -> Whose | None:
    """The leads that can be counted without a look at them; None where no lead can be meant."""
    if wanted.status and wanted.status not in STATUSES:
        return None
    owner_id = None
    if wanted.owner:
        owner = named_user(session, wanted.business_id, wanted.owner)
        if owner is None:
            return None
        owner_id = owner.id
    return Whose(
        business_id=wanted.business_id,
        user_id=wanted.user_id,
        assigned=wanted.assigned,
        owner_id=owner_id,
        status=wanted.status,
    )


def theirs(whose: Whose) -> list[Any]:
    column = Lead.owner_id if whose.assigned else Lead.creator_id
    clauses = [Lead.business_id == whose.business_id, column == whose.user_id, col(Lead.deleted_at).is_(None)]
    if whose.owner_id is not None:
        clauses.append(col(Lead.creator_id) == whose.owner_id)
    if whose.status:
        clauses.append(told_status() == whose.status)
    if whose.status not in ("", PROSPECT):
        # The index says so in these words.
        clauses.append(told_status() != literal_column(f"'{PROSPECT}'", Text))
    return clauses


def named(session: Session, wanted: WantedLeads) -> list[ColumnElement[bool]]:
    """Names and addresses whatever their case; a number however it is written."""
    clauses: list[Any] = []
    for column, value in ((Lead.first_name, wanted.first_name), (Lead.last_name, wanted.last_name)):
        if value:
            clauses += [func.lower(column) == value.lower(), col(column) != literal_column("''", Text)]
    if wanted.email:
        clauses.append(func.lower(col(Lead.email)) == wanted.email.lower())
    if wanted.phone:
        country = session.get_one(Business, wanted.business_id).country
        digits = (phone_e164(wanted.phone, country) or wanted.phone).translate(NOT_DIGITS)
        stored = func.phone_digits(col(Lead.phone), col(Lead.phone_e164))
        clauses += [stored == digits, col(Lead.phone) != literal_column("''", Text)]
    return clauses


def page(session: Session, clauses: Sequence[Any], wanted: WantedLeads) -> list[Listed]:
    """Skips in the index alone, and reads only what is shown."""
    order = col(Lead.id).desc()
    shown = select(Lead.id).where(*clauses).order_by(order).offset(wanted.skip).limit(wanted.limit)
    query = (
        select(  # type: ignore[call-overload] # more columns than SQLModel has overloads for
            Lead.id,
            Lead.slug,
            Lead.first_name,
            Lead.last_name,
            Lead.phone,
            Lead.email,
            Lead.created_at,
            told_status(),
            told_source(),
            func.coalesce(User.username, ""),
        )
        .join(User, col(User.id) == col(Lead.creator_id), isouter=True)
        .where(col(Lead.id).in_(shown))
        .order_by(order)
    )
    return [Listed(*row) for row in session.execute(query)]
