"""Ring: which jobs want a doorbell now, and when the next one is due if nobody answers.

By state and lock, never by a watermark: ids commit out of order (reliability.md finding 14).
"""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from models.operations.claim import SUSPECT, last_crash

# A doorbell that nobody heard is followed by others at twice the time each. The statement's time is one
# value, by which the index can be entered; with the clock's, which changes from row to row, every job that
# waits for a later day is looked at.
LONGEST_SILENCE = 120.0  # seconds
DUE = f"""
    UPDATE job SET ring_at = statement_timestamp() + make_interval(
        secs => greatest(
            %(again_after)s, least(extract(epoch FROM statement_timestamp() - next_at), %(longest)s)
        )
    )
    WHERE id IN (
        SELECT id FROM job
        WHERE state IN ('pending', 'claimed') AND ring_at <= statement_timestamp()
        ORDER BY ring_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    RETURNING id, queue, attempts, {SUSPECT}
"""  # noqa: S608 - words of our own


@dataclass(frozen=True, slots=True)
class Due:
    """`is_suspect`: its workers ended without a word again and again, and it may be why."""

    id: int
    queue: str
    attempts: int
    is_suspect: bool = False


def due_jobs(
    connection: Connection[tuple[Any, ...]], again_after: float, limit: int, max_crashes: int = 3
) -> list[Due]:
    """Take jobs that are to be rung: those due, and those claimed by a worker whose lease ended.

    They stay locked until the caller commits, which it does once their doorbells are out: a crash
    between the two rings twice, which is harmless. `again_after` is in seconds.
    """
    named = {
        "again_after": again_after,
        "longest": LONGEST_SILENCE,
        "limit": limit,
        "last_crash": last_crash(max_crashes),
    }
    rows = connection.execute(DUE.encode(), named).fetchall()
    return sorted((Due(*row) for row in rows), key=lambda due: due.id)
