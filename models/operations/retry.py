"""Retry: an operator sends dead jobs round again; and the list of jobs to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from models.job import Job, JobState
from models.operations.capture import NOTIFY


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedJobs:
    """Which jobs: by state, by kind, by id; newest first, `limit` of them at most."""

    state: JobState | None = None
    kind: str = ""
    ids: tuple[int, ...] = ()
    limit: int = 50


def list_jobs(session: Session, wanted: WantedJobs) -> Sequence[Job]:
    query = select(Job).order_by(col(Job.id).desc()).limit(wanted.limit)
    if wanted.state:
        query = query.where(Job.state == wanted.state)
    if wanted.kind:
        query = query.where(Job.kind == wanted.kind)
    if wanted.ids:
        query = query.where(col(Job.id).in_(wanted.ids))
    return session.exec(query).all()


def retry(session: Session, wanted: WantedJobs) -> list[int]:
    """Make dead jobs pending, with their tries counted anew; their ids.

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
    revived = [row[0] for row in session.execute(statement)]
    session.connection().exec_driver_sql(NOTIFY)
    return revived
