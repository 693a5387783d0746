"""Tally: how many leads a member of staff has, by status and source, without counting them (ADR 8)."""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from sqlalchemy import func
from sqlmodel import Session, col, select

from models.tally import LeadTally

# Each owner with fresh deltas; whoever folds at the same time takes others.
FRESH = "SELECT DISTINCT business_id, creator_id FROM lead_tally WHERE fresh LIMIT %s"
# One statement: no reader sees the rows gone and their sum not there yet.
FOLD = """
    WITH taken AS (
        DELETE FROM lead_tally WHERE id IN (
            SELECT id FROM lead_tally
            WHERE business_id = %(business)s AND creator_id IS NOT DISTINCT FROM %(creator)s
            FOR UPDATE SKIP LOCKED
        ) RETURNING business_id, creator_id, owner_id, status, source, n
    )
    INSERT INTO lead_tally (business_id, creator_id, owner_id, status, source, n, fresh)
    SELECT business_id, creator_id, owner_id, status, source, sum(n), false FROM taken
    GROUP BY business_id, creator_id, owner_id, status, source HAVING sum(n) <> 0
"""
MOST_OWNERS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """The leads that somebody owns, or with `assigned` those assigned to them; of an owner, of a status."""

    business_id: int
    user_id: int
    assigned: bool = False
    owner_id: int | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many leads there are of each status and of each source, and in all."""

    total: int
    by_status: dict[str, int]
    by_source: dict[str, int]


def counts_of(session: Session, whose: Whose) -> Counts:
    rows = session.execute(
        select(LeadTally.status, LeadTally.source, func.sum(LeadTally.n))
        .where(*_clauses(whose))
        .group_by(col(LeadTally.status), col(LeadTally.source))
    ).all()
    by_status: dict[str, int] = {}
    by_source: dict[str, int] = {}
    for status, source, n in rows:
        by_status[status] = by_status.get(status, 0) + int(n)
        by_source[source] = by_source.get(source, 0) + int(n)
    return Counts(sum(by_status.values()), by_status, by_source)


def _clauses(whose: Whose) -> list[Any]:
    theirs = LeadTally.owner_id if whose.assigned else LeadTally.creator_id
    clauses = [LeadTally.business_id == whose.business_id, theirs == whose.user_id]
    if whose.owner_id is not None:
        clauses.append(LeadTally.creator_id == whose.owner_id)
    if whose.status:
        clauses.append(LeadTally.status == whose.status)
    return clauses


def fold(connection: Connection[tuple[Any, ...]]) -> int:
    """Put sums in place of fresh deltas; how many owners had some. Each statement commits by itself."""
    owners = connection.execute(FRESH, (MOST_OWNERS,)).fetchall()
    for business_id, creator_id in owners:
        connection.execute(FOLD, {"business": business_id, "creator": creator_id})
    return len(owners)
