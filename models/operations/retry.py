"""Retry: an operator sends dead jobs round again; and the list of jobs to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import func, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.job import Job, JobState
from models.operations.statements import NOTIFY

T = TypeVar("T")

# The attempt log of a message tells that an operator sent it round, and when.
RECORD = """
    INSERT INTO delivery_attempt (delivery_id, outcome, answer)
    SELECT id, 'retried', 'by an operator' FROM delivery WHERE job_id = ANY(%s)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedJobs:
    """Which jobs: by state, by kind, by id; newest first, `limit` of them at most."""

    state: JobState | None = None
    kind: str = ""
    ids: tuple[int, ...] = ()
    limit: int = 50


def list_jobs(session: Session, wanted: WantedJobs) -> Sequence[Job]:
    query = select(Job).order_by(col(Job.id).desc()).limit(wanted.limit)
    return session.exec(_narrowed(query, wanted)).all()


def count_jobs(session: Session, wanted: WantedJobs) -> int:
    """How many there are in all, whatever the limit."""
    return session.exec(_narrowed(select(func.count()).select_from(Job), wanted)).one()


def retry(session: Session, wanted: WantedJobs) -> list[int]:
    """Make dead jobs pending, with their tries counted anew; their ids, in ascending order.

    A message that was sent meanwhile is not sent again: its delivery says so.
    """
    dead = [job.id for job in list_jobs(session, replace(wanted, state=JobState.DEAD))]
    statement = (
        update(Job)
        .where(col(Job.id).in_(dead), col(Job.state) == JobState.DEAD)
        .values(
            state=JobState.PENDING,
            attempts=0,
            crashes=0,
            finished_at=None,
            next_at=func.clock_timestamp(),
            ring_at=func.clock_timestamp(),
        )
        .returning(col(Job.id))
    )
    revived = sorted(row[0] for row in session.execute(statement))
    session.connection().exec_driver_sql(RECORD, (revived,))
    session.connection().exec_driver_sql(NOTIFY)
    return revived


def _narrowed(query: SelectOfScalar[T], wanted: WantedJobs) -> SelectOfScalar[T]:
    if wanted.state:
        query = query.where(Job.state == wanted.state)
    if wanted.kind:
        query = query.where(Job.kind == wanted.kind)
    if wanted.ids:
        query = query.where(col(Job.id).in_(wanted.ids))
    return query
