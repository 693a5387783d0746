"""Silences: forms and sources that are quiet for longer than is usual, noticed once each and ended.

Only the index of watched doors is read: their names by skipping from one to the next, the time of the
last request of each, and the rhythm of those few that have been quiet for an hour.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from sqlmodel import Session

from models.job import QUEUES, JobKind
from models.receipt import WATCHED

FEWEST = 20  # requests, below which there is no rhythm; those of one minute are one, as the leads of a batch
QUIET_SECONDS = 3600
DAYS = 28
MOST_READ = 20_000
# A pause is unusual when it is three times as long as 95 in 100 of them, and longer by a quarter than all
# but three in four weeks: so no night and no weekend alarms anybody, and no earlier fault hides the next.
UNUSUAL = "greatest(3 * r.p95, 1.25 * r.fourth)"

END = f"""
    UPDATE silence s SET over_at = clock_timestamp()
    WHERE over_at IS NULL AND EXISTS (
        SELECT FROM receipt r WHERE ({WATCHED})
            AND r.business_id = s.business_id AND r.door = s.door AND r.received_at > s.last_at
    )
"""  # noqa: S608 - a condition and numbers of our own, here and below
NOTICE = f"""
    WITH RECURSIVE door AS (
        (SELECT business_id, door FROM receipt WHERE {WATCHED} ORDER BY business_id, door LIMIT 1)
        UNION ALL
        SELECT next.* FROM door d CROSS JOIN LATERAL (
            SELECT business_id, door FROM receipt
            WHERE ({WATCHED}) AND (business_id, door) > (d.business_id, d.door)
            ORDER BY business_id, door LIMIT 1
        ) next
    ), quiet AS (
        SELECT d.business_id, d.door, l.last_at
        FROM door d CROSS JOIN LATERAL (
            SELECT max(received_at) AS last_at FROM receipt r
            WHERE ({WATCHED}) AND r.business_id = d.business_id AND r.door = d.door
        ) l
        WHERE l.last_at < clock_timestamp() - make_interval(secs => {QUIET_SECONDS})
            AND l.last_at > clock_timestamp() - make_interval(days => {DAYS})
            AND NOT EXISTS (
                SELECT FROM silence s
                WHERE s.business_id = d.business_id AND s.door = d.door AND s.last_at = l.last_at
            )
    ), rhythm AS (
        SELECT q.*, greatest(r.p95, r.fourth) AS usual FROM quiet q CROSS JOIN LATERAL (
            SELECT count(*) AS requests, percentile_cont(0.95) WITHIN GROUP (ORDER BY pause) AS p95,
                (array_agg(pause ORDER BY pause DESC NULLS LAST))[4] AS fourth
            FROM (
                SELECT extract(epoch FROM received_at - lag(received_at) OVER (ORDER BY received_at)) AS pause
                FROM (
                    SELECT DISTINCT date_trunc('minute', received_at) AS received_at FROM (
                        SELECT received_at FROM receipt
                        WHERE ({WATCHED}) AND business_id = q.business_id AND door = q.door
                            AND received_at > q.last_at - make_interval(days => {DAYS})
                        ORDER BY received_at DESC LIMIT {MOST_READ}
                    ) lately
                ) minutes
            ) pauses
        ) r
        WHERE r.requests >= {FEWEST}
            AND extract(epoch FROM clock_timestamp() - q.last_at) > {UNUSUAL}
    ), noticed AS (
        INSERT INTO silence (business_id, door, last_at, usual_seconds)
        SELECT business_id, door, last_at, usual::int FROM rhythm
        ON CONFLICT DO NOTHING RETURNING id, business_id
    ), told AS (
        SELECT id, business_id, NULL::bigint AS target_id FROM noticed
        UNION ALL SELECT n.id, n.business_id, c.id FROM noticed n JOIN owner_channel c USING (business_id)
    )
    INSERT INTO job (business_id, kind, queue, subject_id, target_id)
    SELECT business_id, '{JobKind.SILENCE}', '{QUEUES[JobKind.SILENCE]}', id, target_id FROM told
"""  # noqa: S608
QUIET = """
    SELECT b.nickname, s.door, s.last_at FROM silence s JOIN business b ON b.id = s.business_id
    WHERE s.over_at IS NULL AND (%(business)s::bigint IS NULL OR s.business_id = %(business)s)
    ORDER BY s.last_at
"""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A door that is quiet, and since when, in ISO 8601."""

    business: str
    door: str
    since: str


def look_for_silence(connection: Connection[tuple[Any, ...]]) -> None:
    """End the silences that are over, and owe the owners word of those that are new."""
    connection.execute(END.encode())
    connection.execute(NOTICE.encode())


def quiet_doors(session: Session, business_id: int | None = None) -> list[Quiet]:
    """The silences that last, of one business or of all."""
    rows = session.connection().exec_driver_sql(QUIET, {"business": business_id})
    return [Quiet(row[0], row[1], row[2].isoformat(timespec="seconds")) for row in rows]
