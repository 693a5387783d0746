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
    WEBHOOK = "webhook"
    RECEIVE = "receive"
    DEFAULT = "default"


class JobKind(StrEnum):
    """What is to be done. The worker has one handler a kind."""

    AUTO_REPLY = "auto_reply"
    OWNER_EMAIL = "owner_email"
    OWNER_SMS = "owner_sms"
    OWNER_CHANNEL = "owner_channel"
    ASSIGNEE_EMAIL = "assignee_email"
    REASSIGNED_EMAIL = "reassigned_email"
    OPT_IN_CONFIRMATION = "opt_in_confirmation"
    CONVERT = "convert"
    REATTACH = "reattach"
    APPOINTMENT_CONFIRMATION = "appointment_confirmation"
    APPOINTMENT_REMINDER = "appointment_reminder"
    EVENT = "event"
    SUBSCRIPTION = "subscription"
    SILENCE = "silence"
    GIVEN_UP = "given_up"
    WEBHOOK_FAILED = "webhook_failed"
    QUARANTINED = "quarantined"
    RECEIVE = "receive"
    ERASE = "erase"


QUEUES = {
    JobKind.AUTO_REPLY: Queue.EMAIL,
    JobKind.OWNER_EMAIL: Queue.EMAIL,
    JobKind.OWNER_SMS: Queue.SMS,
    JobKind.OWNER_CHANNEL: Queue.DEFAULT,
    JobKind.ASSIGNEE_EMAIL: Queue.EMAIL,
    JobKind.REASSIGNED_EMAIL: Queue.EMAIL,
    JobKind.OPT_IN_CONFIRMATION: Queue.EMAIL,
    JobKind.CONVERT: Queue.CONVERT,
    JobKind.REATTACH: Queue.CONVERT,
    JobKind.APPOINTMENT_CONFIRMATION: Queue.EMAIL,
    JobKind.APPOINTMENT_REMINDER: Queue.EMAIL,
    JobKind.EVENT: Queue.WEBHOOK,
    JobKind.SUBSCRIPTION: Queue.DEFAULT,
    JobKind.SILENCE: Queue.DEFAULT,
    JobKind.GIVEN_UP: Queue.DEFAULT,
    JobKind.WEBHOOK_FAILED: Queue.DEFAULT,
    JobKind.QUARANTINED: Queue.DEFAULT,
    JobKind.RECEIVE: Queue.RECEIVE,
    JobKind.ERASE: Queue.DEFAULT,
}

# The words by which callers and forms ask for messages.
NOTIFICATIONS = {
    "auto-reply": JobKind.AUTO_REPLY,
    "email": JobKind.OWNER_EMAIL,
    "sms": JobKind.OWNER_SMS,
}

# The kinds that a captured request may promise; their subject is its enquiry.
MESSAGE_KINDS = (
    JobKind.AUTO_REPLY,
    JobKind.OWNER_EMAIL,
    JobKind.OWNER_SMS,
    JobKind.OWNER_CHANNEL,
    JobKind.ASSIGNEE_EMAIL,
    JobKind.OPT_IN_CONFIRMATION,
)
# Messages too, about an appointment; the target is the `sequence` of it that they tell of.
APPOINTMENT_KINDS = (JobKind.APPOINTMENT_CONFIRMATION, JobKind.APPOINTMENT_REMINDER)
# Messages to an owner about the service itself.
ALERT_KINDS = (
    JobKind.SUBSCRIPTION,
    JobKind.SILENCE,
    JobKind.GIVEN_UP,
    JobKind.WEBHOOK_FAILED,
    JobKind.QUARANTINED,
)
# All that send a message.
SENDING_KINDS = (*MESSAGE_KINDS, JobKind.REASSIGNED_EMAIL, *APPOINTMENT_KINDS, *ALERT_KINDS)

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
        *(
            Index(f"ix_job_{kind}", "business_id", "created_at", postgresql_where=sql(f"kind = '{kind}'"))
            for kind in (JobKind.GIVEN_UP, JobKind.WEBHOOK_FAILED, JobKind.QUARANTINED)
        ),
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
