"""Claim: take jobs for one worker alone, for as long as its lease runs by the database's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel import Session

# The rows are locked in one order by everybody. They are not skipped when locked: the relay may
# still hold them for the millisecond between its doorbell and its commit.
CLAIM = """
    UPDATE job SET state = 'claimed', claim = %(claim)s, attempts = attempts + 1,
        crashes = crashes + (state = 'claimed')::int,
        next_at = clock_timestamp() + make_interval(secs => %(lease)s),
        ring_at = clock_timestamp() + make_interval(secs => %(lease)s)
    WHERE id IN (
        SELECT id FROM job
        WHERE id = ANY(%(ids)s) AND state IN ('pending', 'claimed') AND next_at <= clock_timestamp()
        ORDER BY id FOR UPDATE
    )
    RETURNING id, business_id, kind, subject_id, target_id, attempts, crashes
"""
RENEW = """
    UPDATE job SET next_at = clock_timestamp() + make_interval(secs => %(lease)s),
        ring_at = clock_timestamp() + make_interval(secs => %(lease)s)
    WHERE id = ANY(%(ids)s) AND claim = %(claim)s AND state = 'claimed'
"""
GIVE_BACK = """
    UPDATE job SET state = 'pending', attempts = attempts - 1, claim = NULL,
        next_at = clock_timestamp() + make_interval(secs => %(wait)s),
        ring_at = clock_timestamp() + make_interval(secs => %(wait)s)
    WHERE id = ANY(%(ids)s) AND claim = %(claim)s AND state = 'claimed'
"""
# A worker that is killed in a backlog leaves hundreds of jobs behind, one of which may be why: these go on
# side by side. Those few that were in work when it happened again are claimed for the last time by one that
# does nothing else.
SUSPECT = "crashes + (state = 'claimed')::int >= %(last_crash)s"
ANY_SUSPECT = f"""
    SELECT EXISTS (
        SELECT FROM job WHERE id = ANY(%(ids)s) AND state IN ('pending', 'claimed')
            AND next_at <= clock_timestamp() AND {SUSPECT}
    )
"""  # noqa: S608 - words of our own
BURY = """
    UPDATE job SET state = 'dead', last_error = %(error)s, finished_at = clock_timestamp()
    WHERE id = ANY(%(ids)s) AND claim = %(claim)s AND state = 'claimed'
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker holds; `claim` is the fencing token that every later write carries."""

    id: int
    business_id: int
    kind: str
    subject_id: int
    target_id: int | None
    attempts: int
    crashes: int
    claim: UUID


def claim(session: Session, ids: Sequence[int], *, lease: float, max_crashes: int) -> list[Claimed]:
    """Claim those of the jobs that are due; a job that is done, leased or cancelled is passed over.

    Attempts are counted here, before the work, so that a job which kills its worker is counted too:
    after `max_crashes` claims in a row that ended without a word it is dead, not claimed.
    """
    token = uuid4()
    rows = session.connection().exec_driver_sql(CLAIM, {"ids": list(ids), "claim": token, "lease": lease})
    jobs = sorted((Claimed(**row, claim=token) for row in rows.mappings()), key=lambda job: job.id)
    poisonous = [job.id for job in jobs if job.crashes >= max_crashes]
    if poisonous:
        error = f"its worker died {max_crashes} times in a row"
        session.connection().exec_driver_sql(BURY, {"ids": poisonous, "claim": token, "error": error})
    return [job for job in jobs if job.crashes < max_crashes]


def last_crash(max_crashes: int) -> int:
    """How many crashes a job may have had when it is claimed for the last time."""
    return max(1, max_crashes - 1)


def any_suspect(session: Session, ids: Sequence[int], max_crashes: int) -> bool:
    """Whether one of these jobs waits to be claimed for the last time."""
    names = {"ids": list(ids), "last_crash": last_crash(max_crashes)}
    return bool(session.connection().exec_driver_sql(ANY_SUSPECT, names).scalar_one())


def renew(session: Session, ids: Sequence[int], token: UUID, lease: float) -> None:
    """Prolong the leases of jobs that are still being worked on."""
    session.connection().exec_driver_sql(RENEW, {"ids": list(ids), "claim": token, "lease": lease})


def give_back(session: Session, ids: Sequence[int], token: UUID, wait: float = 0.0) -> None:
    """Return jobs that were not begun, as if they had never been claimed, to be begun in `wait` seconds."""
    session.connection().exec_driver_sql(GIVE_BACK, {"ids": list(ids), "claim": token, "wait": wait})
