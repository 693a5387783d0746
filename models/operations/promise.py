"""Promise: work that is owed if, and only if, the transaction is committed that makes it due."""

from datetime import datetime

from sqlmodel import Session

from models.job import QUEUES, Job, JobKind
from models.operations.statements import NOTIFY


def job_of(kind: JobKind, business_id: int, subject_id: int, target_id: int | None = None) -> Job:
    """A job in the queue of its kind."""
    return Job(
        business_id=business_id, kind=kind, queue=QUEUES[kind], subject_id=subject_id, target_id=target_id
    )


def promise_later(session: Session, job: Job, due: datetime) -> None:
    """Owe a job that nobody may take before its time: it waits in the table, and not in the broker."""
    job.next_at = job.ring_at = due
    session.add(job)


def promise(session: Session, *jobs: Job) -> None:
    """Owe the jobs, and let the relay know once they are committed."""
    session.add_all(jobs)
    session.connection().exec_driver_sql(NOTIFY)
