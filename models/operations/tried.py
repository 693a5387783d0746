"""Tried: what became of one try to tell a subscription, in its log, in its health and in the job at once."""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlmodel import Session

from models.job import QUEUES, JobKind, JobState
from models.operations.settle import FINISH
from models.operations.statements import NOTIFY

PATIENCE_DAYS = 5

RECORD = f"""
    WITH tried AS (
        INSERT INTO event_attempt (subscription_id, event_id, status, error, answer, milliseconds)
        SELECT id, %(event)s, %(status)s, CASE WHEN %(status)s = 0 THEN %(error)s ELSE '' END, %(answer)s,
            %(milliseconds)s
        FROM subscription WHERE id = %(subscription)s
    ), health AS (
        UPDATE subscription SET failing_since = CASE WHEN %(took)s THEN NULL ELSE clock_timestamp() END
        WHERE id = %(subscription)s AND (failing_since IS NOT NULL) = %(took)s
    )
    {FINISH}
"""  # noqa: S608 - our own words
# The owner is told once, since only one try finds the subscription active.
DISABLE = f"""
    WITH ended AS (
        UPDATE subscription SET active = false, disabled_at = clock_timestamp(), disabled_reason = %(reason)s
        WHERE id = %(subscription)s AND active
            AND (%(gone)s OR failing_since < clock_timestamp() - make_interval(days => {PATIENCE_DAYS}))
        RETURNING id, business_id
    ), told AS (
        SELECT id, business_id, NULL::bigint AS target_id FROM ended
        UNION ALL SELECT e.id, e.business_id, c.id FROM ended e JOIN owner_channel c USING (business_id)
    )
    INSERT INTO job (business_id, kind, queue, subject_id, target_id)
    SELECT business_id, '{JobKind.SUBSCRIPTION}', '{QUEUES[JobKind.SUBSCRIPTION]}', id, target_id FROM told
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """One try and what follows; `wait` is in seconds, `gone` says that the subscriber wants no more.

    `error` is what the job is left with; the log has it where there was no answer.
    """

    subscription: int
    event: int
    job: int
    claim: UUID
    job_state: JobState
    took: bool
    status: int = 0
    error: str = ""
    answer: str = ""
    milliseconds: int = 0
    wait: float = 0.0
    gone: bool = False


def record(session: Session, tried: Tried) -> bool:
    """Record a try; whether it disabled the subscription."""
    connection = session.connection()
    connection.exec_driver_sql(RECORD, asdict(tried))
    if tried.took:
        return False
    reason = "410 Gone" if tried.gone else f"no success for {PATIENCE_DAYS} days"
    names = {"subscription": tried.subscription, "gone": tried.gone, "reason": reason}
    disabled = connection.exec_driver_sql(DISABLE, names).rowcount > 0
    if disabled:
        connection.exec_driver_sql(NOTIFY)
    return disabled
