"""Settle: what became of a try, in the delivery, in its attempts and in its job, at once."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from models.delivery import OF_ERASED, UNSUBSCRIBED, DeliveryState
from models.job import JobState
from models.operations.emit import emitting, names_of
from models.subscription import EventType

# Fencing: a worker that lost its lease must not send, so the intent is written only for its holder; nor is
# anything sent any more to a person who was erased since it was prepared.
INTEND = f"""
    UPDATE delivery d SET state = 'in_flight', attempts = d.attempts + 1, in_flight_at = clock_timestamp()
    FROM job j
    WHERE d.id = %(delivery)s AND j.id = d.job_id AND j.claim = %(claim)s AND j.state = 'claimed'
        AND NOT starts_with(d.recipient, '{OF_ERASED}')
"""  # noqa: S608 - a word of our own
FINISH = """
    UPDATE job SET state = %(job_state)s, last_error = %(error)s, crashes = 0, claim = NULL,
        next_at = clock_timestamp() + make_interval(secs => %(wait)s),
        ring_at = clock_timestamp() + make_interval(secs => %(wait)s),
        finished_at = CASE WHEN %(job_state)s = 'pending' THEN NULL ELSE clock_timestamp() END
    WHERE id = %(job)s AND claim = %(claim)s AND state = 'claimed'
"""
# What was sent was sent, so the delivery is written even when the job went to somebody else meanwhile,
# and nobody else's later word makes it unsent: it would be sent again.
SETTLE = """
    WITH tried AS (
        INSERT INTO delivery_attempt (delivery_id, outcome, code, answer)
        VALUES (%(delivery)s, %(state)s, %(code)s, %(answer)s)
    ), told AS (
        UPDATE delivery SET state = %(state)s, reason = %(reason)s, provider_id = %(provider_id)s,
            copies = copies + (%(state)s IN ('sent', 'unknown'))::int,
            sent_at = CASE WHEN %(state)s = 'sent' THEN clock_timestamp() END
        WHERE id = %(delivery)s AND (state <> 'sent' OR %(state)s = 'sent')
        RETURNING id, business_id
    )
"""
# Whoever subscribed hears of a message that failed for good.
FAILED = f"{SETTLE}, {emitting('told')} {FINISH}"
ENDED = f"{SETTLE} {FINISH}"
# A dead address is dead for the owner's mail too, to which an unsubscribe says nothing.
SUPPRESS = f"""
    INSERT INTO suppression (business_id, channel, address, reason)
    SELECT business_id, channel, recipient, %(reason)s FROM delivery
    WHERE id = %(delivery)s AND NOT starts_with(recipient, '{OF_ERASED}')
    ON CONFLICT (business_id, channel, address) DO UPDATE SET reason = EXCLUDED.reason
        WHERE suppression.reason = '{UNSUBSCRIBED}'
"""  # noqa: S608 - a word of our own


class LeaseLost(Exception):  # noqa: N818 - a fact
    """The job is somebody else's by now; the message must not be sent from here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """One try and what follows from it; `wait` is in seconds, for a job that goes back to pending."""

    delivery: int
    job: int
    claim: UUID
    state: DeliveryState
    job_state: JobState
    wait: float = 0.0
    reason: str = ""
    code: str = ""
    answer: str = ""
    provider_id: str = ""
    suppress: bool = False


def intend(connection: Connection, delivery: int, claim: UUID) -> None:
    """Write down that a message is about to leave. Raises `LeaseLost`."""
    if connection.exec_driver_sql(INTEND, {"delivery": delivery, "claim": claim}).rowcount != 1:
        raise LeaseLost


def settle(connection: Connection, settled: Settled) -> None:
    """Record a try of a message."""
    parameters: dict[str, Any] = {name: getattr(settled, name) for name in settled.__dataclass_fields__}
    names = names_of(EventType.DELIVERY_FAILED)
    failed = settled.state == DeliveryState.FAILED
    connection.exec_driver_sql(FAILED if failed else ENDED, parameters | names | {"error": settled.reason})
    if settled.suppress:
        connection.exec_driver_sql(SUPPRESS, {"delivery": settled.delivery, "reason": settled.reason})


def finish(  # noqa: PLR0913 - the columns of one row
    connection: Connection, job: int, claim: UUID, state: JobState, *, error: str = "", wait: float = 0.0
) -> None:
    """Record the end of a job's try that sent nothing."""
    parameters = {"job": job, "claim": claim, "job_state": state, "error": error, "wait": wait}
    connection.exec_driver_sql(FINISH, parameters)
