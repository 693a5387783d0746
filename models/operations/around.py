"""Around: what stands about leads or contacts, for a whole list in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.contact import Contact
from models.label import Tag
from models.lead import Lead
from models.operations.tags import know_tags
from models.timeline import Owner

MOST_LINES = 50

# The newest of each timeline, merged: a plain join would sort the whole history (performance.md part 4).
LINES = """
    WITH shown AS (
        SELECT id, timeline_id FROM unnest(%(ids)s::bigint[], %(timelines)s::bigint[]) AS r(id, timeline_id)
        UNION SELECT owner_id, id FROM timeline
            WHERE business_id = %(business)s AND owner_type = %(type)s AND owner_id = ANY(%(ids)s)
        UNION SELECT follower_id, timeline_id FROM follow
            WHERE business_id = %(business)s AND follower_type = %(type)s AND follower_id = ANY(%(ids)s)
    ), merged AS (
        SELECT s.id AS record, a.*, row_number() OVER (PARTITION BY s.id ORDER BY a.id DESC) AS nth
        FROM shown s CROSS JOIN LATERAL (
            SELECT id, actor_id, actor_name, actor_type, description, facts, old_value, new_value, created_at
            FROM activity WHERE timeline_id = s.timeline_id ORDER BY id DESC LIMIT %(most)s
        ) a
    )
    SELECT record, id, actor_id, actor_name, actor_type, description, facts, old_value, new_value, created_at
    FROM merged WHERE nth <= %(most)s ORDER BY record, id DESC
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One activity as it is told."""

    id: int
    actor_id: int | None
    actor_name: str
    actor_type: str
    description: str
    facts: dict[str, Any]
    old_value: str
    new_value: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """Companies by id, tags by name, and by record the newest activities of all timelines that it shows."""

    companies: Mapping[int, Contact]
    tags: Mapping[str, Tag]
    lines: Mapping[int, Sequence[Line]]


def around_leads(session: Session, business_id: int, leads: Sequence[Lead]) -> Around:
    return Around(
        companies={},
        tags=_tags(session, business_id, Owner.LEAD, [lead.tags for lead in leads]),
        lines=_lines(session, business_id, Owner.LEAD, {lead.id: lead.timeline_id for lead in leads}),
    )


def around_contacts(session: Session, business_id: int, contacts: Sequence[Contact]) -> Around:
    return Around(
        companies=_companies(session, business_id, contacts),
        tags=_tags(session, business_id, Owner.CONTACT, [contact.tags for contact in contacts]),
        lines=_lines(session, business_id, Owner.CONTACT, {one.id: one.timeline_id for one in contacts}),
    )


def _companies(session: Session, business_id: int, contacts: Sequence[Contact]) -> dict[int, Contact]:
    ids = {contact.contact_id for contact in contacts if contact.contact_id is not None}
    if not ids:
        return {}
    query = select(Contact).where(
        col(Contact.id).in_(ids),
        col(Contact.business_id) == business_id,
        col(Contact.deleted_at).is_(None),
    )
    return {company.id: company for company in session.exec(query)}


def _tags(session: Session, business_id: int, kind: Owner, named: Iterable[list[str]]) -> dict[str, Tag]:
    """The tags with these names; records carry tags by name, so one may be met here for the first time."""
    names = sorted({name for tags in named for name in tags})
    query = select(Tag).where(
        col(Tag.business_id) == business_id, col(Tag.resource_type) == kind, col(Tag.name).in_(names)
    )
    known = {tag.name: tag for tag in session.exec(query)} if names else {}
    new = [name for name in names if name not in known]
    if not new:
        return known
    know_tags(session, business_id, kind, new)
    return {tag.name: tag for tag in session.exec(query)}


def _lines(
    session: Session, business_id: int, kind: Owner, timelines: Mapping[int, int]
) -> dict[int, list[Line]]:
    """By record, its newest activities first."""
    session.flush()
    wanted = {
        "ids": list(timelines),
        "timelines": list(timelines.values()),
        "business": business_id,
        "type": str(kind),
        "most": MOST_LINES,
    }
    lines: dict[int, list[Line]] = {record: [] for record in timelines}
    for record, *columns in session.connection().exec_driver_sql(LINES, wanted):
        lines[record].append(Line(*columns))
    return lines
