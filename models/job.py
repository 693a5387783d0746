"""Job: work that is owed. The row is the work; the message on Redis is only a doorbell."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, count, key, moment, text


class JobState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Queue(StrEnum):
    EMAIL = "notify.email"
    SMS = "notify.sms"
    CONVERT = "convert"
    RECEIVE = "receive"
    DEFAULT = "default"


class JobKind(StrEnum):
    """What is to be done. The worker has one handler a kind."""

    AUTO_REPLY = "auto_reply"
    OWNER_EMAIL = "owner_email"
    OWNER_SMS = "owner_sms"
    OWNER_CHANNEL = "owner_channel"
    CONVERT = "convert"
    REATTACH = "reattach"
    RECEIVE = "receive"


QUEUES = {
    JobKind.AUTO_REPLY: Queue.EMAIL,
    JobKind.OWNER_EMAIL: Queue.EMAIL,
    JobKind.OWNER_SMS: Queue.SMS,
    JobKind.OWNER_CHANNEL: Queue.DEFAULT,
    JobKind.CONVERT: Queue.CONVERT,
    JobKind.REATTACH: Queue.CONVERT,
    JobKind.RECEIVE: Queue.RECEIVE,
}

# The kinds that a captured request may promise; their subject is its enquiry.
MESSAGE_KINDS = (JobKind.AUTO_REPLY, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS, JobKind.OWNER_CHANNEL)

LISTEN_CHANNEL = "leads_job"


class Job(SQLModel, table=True):
    """A kind and ids, never a payload.

    `next_at`: nobody may take the job before; for a claimed job that is the end of its lease.
    `ring_at`: when the relay sends its next doorbell. `attempts` counts claims, `crashes` those of
    them, in a row, that ended without a word. `claim` is the fencing token of the latest claim.
    """

    __table_args__ = (
        Index("ix_job_ring_at", "ring_at", postgresql_where=sql("state IN ('pending', 'claimed')")),
        Index("ix_job_dead", "id", postgresql_where=sql("state = 'dead'")),
        {"postgresql_with": {"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"}},
    )

    id: int = key()
    business_id: int = big()
    kind: str = text(None)
    queue: str = text(None)
    subject_id: int = big()
    target_id: int | None = big(nullable=True)
    state: str = text(JobState.PENDING)
    attempts: int = count()
    crashes: int = count()
    next_at: datetime = moment(now=True)
    ring_at: datetime = moment(now=True)
    claim: UUID | None = Field(default=None)
    last_error: str = text()
    created_at: datetime = moment(now=True)
    finished_at: Moment = moment()
