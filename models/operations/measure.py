"""Measure: what is owed, how long it has waited, and the one sentence that sums it up."""

from dataclasses import asdict, dataclass, field

from sqlmodel import Session

from models.job import Queue
from models.operations.silences import Quiet, quiet_doors
from models.receipt import Verdict

WAITING_TOO_LONG_SECONDS = 60.0

OURS = "(%(business)s::bigint IS NULL OR business_id = %(business)s)"

# Only unfinished and dead jobs are looked at, each through its partial index. A claimed job is
# overdue when its lease has run out and nobody took it over.
JOBS = f"""
    SELECT queue, state, count(*), coalesce(extract(epoch FROM max(clock_timestamp() - next_at)), 0)::float
    FROM job WHERE state IN ('pending', 'claimed') AND {OURS} GROUP BY queue, state
    UNION ALL
    SELECT queue, state, count(*), 0 FROM job WHERE state = 'dead' AND {OURS} GROUP BY queue, state
"""  # noqa: S608 - a condition of our own
RECEIPTS = f"""
    SELECT verdict, count(*) FROM receipt
    WHERE received_at > clock_timestamp() - interval '24 hours' AND {OURS} GROUP BY verdict
"""  # noqa: S608
DELIVERIES = f"""
    SELECT channel, state, count(*) FROM delivery
    WHERE created_at > clock_timestamp() - interval '24 hours' AND {OURS} GROUP BY channel, state
"""  # noqa: S608


@dataclass(slots=True)
class QueueState:
    """One queue; `oldest_seconds` is how long the most overdue job has waited, 0 where none is due."""

    queue: str
    pending: int = 0
    claimed: int = 0
    dead: int = 0
    oldest_seconds: float = 0.0


@dataclass(slots=True)
class Measures:
    """The state of the service; receipts and deliveries are those of the last 24 hours.

    `quiet` are the forms and sources that are quiet for longer than is usual.
    """

    queues: list[QueueState]
    receipts: dict[str, int] = field(default_factory=dict)
    deliveries: dict[str, dict[str, int]] = field(default_factory=dict)
    quiet: list[Quiet] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """Healthy, or the one worst thing and what to do about it."""
        late = max(self.queues, key=lambda state: state.oldest_seconds)
        if late.oldest_seconds > WAITING_TOO_LONG_SECONDS:
            waited = round(late.oldest_seconds)
            return f"{late.queue}: the oldest job has waited {waited} s; see that a relay and a worker run"
        dead = sum(state.dead for state in self.queues)
        if dead:
            jobs = "1 job is" if dead == 1 else f"{dead} jobs are"
            return f"{jobs} dead; look at `intake jobs --state dead`, then `intake retry`"
        failed = self.receipts.get(Verdict.FAILED, 0)
        if failed:
            sent = "1 thing" if failed == 1 else f"{failed} things"
            return f"{sent} that partners sent made no lead; `intake source replay SOURCE --dry-run` says why"
        return "healthy"

    def as_document(self) -> dict[str, object]:
        return {"verdict": self.verdict, **asdict(self)}


def measure_queues(session: Session, business_id: int | None = None) -> list[QueueState]:
    """Every queue's backlog, empty ones too; of one business, or of all."""
    states = {str(queue): QueueState(str(queue)) for queue in Queue}
    for queue, state, count, overdue in session.connection().exec_driver_sql(JOBS, {"business": business_id}):
        entry = states.setdefault(queue, QueueState(queue))
        setattr(entry, state, count)
        entry.oldest_seconds = max(entry.oldest_seconds, overdue)
    return list(states.values())


def measure(session: Session, business_id: int | None = None) -> Measures:
    """All of it; of one business, or of the whole service."""
    connection, which = session.connection(), {"business": business_id}
    measures = Measures(queues=measure_queues(session, business_id))
    measures.receipts = {row[0]: row[1] for row in connection.exec_driver_sql(RECEIPTS, which)}
    for channel, state, count in connection.exec_driver_sql(DELIVERIES, which):
        measures.deliveries.setdefault(channel, {})[state] = count
    measures.quiet = quiet_doors(session, business_id)
    return measures
