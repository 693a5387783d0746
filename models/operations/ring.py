"""Ring: which jobs want a doorbell now, and when the next one is due if nobody answers.

By state and lock, never by a watermark: ids commit out of order (reliability.md finding 14).
"""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

DUE = """
    UPDATE job SET ring_at = clock_timestamp() + make_interval(secs => %s)
    WHERE id IN (
        SELECT id FROM job
        WHERE state IN ('pending', 'claimed') AND ring_at <= clock_timestamp()
        ORDER BY ring_at LIMIT %s FOR UPDATE SKIP LOCKED
    )
    RETURNING id, queue, attempts
"""


@dataclass(frozen=True, slots=True)
class Due:
    id: int
    queue: str
    attempts: int


def due_jobs(connection: Connection[tuple[Any, ...]], again_after: float, limit: int) -> list[Due]:
    """Take jobs that are to be rung: those due, and those claimed by a worker whose lease ended.

    They stay locked until the caller commits, which it does once their doorbells are out: a crash
    between the two rings twice, which is harmless.
    """
    rows = connection.execute(DUE, (again_after, limit)).fetchall()
    return sorted((Due(*row) for row in rows), key=lambda due: due.id)
