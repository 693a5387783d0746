"""Waiting: what came in and made no lead, of which an owner is told once a day for each source and form.

Nobody answers to a webhook's sender once it was kept, and a visitor whose post was set aside was thanked: so
nobody else would hear of it.
"""

from typing import Any

from psycopg import Connection

from models.job import QUEUES, JobKind
from models.receipt import Verdict

NEWS_DAYS = 7
# A partner that does not tell of a lead is asked for four days, and what it sent fails after these.
RECEIVED_DAYS = NEWS_DAYS + 7
ALERTS = {Verdict.FAILED: JobKind.WEBHOOK_FAILED, Verdict.QUARANTINED: JobKind.QUARANTINED}


def notice(verdict: Verdict, kind: JobKind) -> str:
    """Owe an alert about the newest receipt of each door that waits, if any is news.

    What was told is read once: a look for each receipt that waits would take minutes where these are many.
    """
    return f"""
        WITH told AS MATERIALIZED (
            SELECT alert.business_id, about.door, max(alert.created_at) AS at
            FROM job alert JOIN receipt about ON about.id = alert.subject_id
            WHERE alert.kind = '{kind}' AND alert.created_at > {days_ago(RECEIVED_DAYS)}
            GROUP BY 1, 2
        ), waits AS (
            SELECT DISTINCT ON (business_id, door)
                id, business_id, door, coalesce(decided_at, received_at) AS at
            FROM receipt
            WHERE verdict = '{verdict}' AND received_at > {days_ago(RECEIVED_DAYS)}
            ORDER BY business_id, door, coalesce(decided_at, received_at) DESC, id DESC
        ), news AS (
            SELECT w.id, w.business_id FROM waits w LEFT JOIN told t USING (business_id, door)
            WHERE w.at > {days_ago(NEWS_DAYS)}
                AND (t.at IS NULL OR (w.at > t.at AND t.at < {days_ago(1)}))
                AND NOT EXISTS (
                    SELECT FROM source s
                    WHERE s.business_id = w.business_id AND w.door = 'hook:' || s.uid AND s.is_test
                )
        )
        INSERT INTO job (business_id, kind, queue, subject_id, target_id)
        SELECT n.business_id, '{kind}', '{QUEUES[kind]}', n.id, t.target_id
        FROM news n CROSS JOIN LATERAL (
            SELECT NULL::bigint AS target_id
            UNION ALL SELECT c.id FROM owner_channel c WHERE c.business_id = n.business_id
        ) t
    """  # noqa: S608 - words of our own


def days_ago(days: int) -> str:
    return f"statement_timestamp() - make_interval(days => {days})"


NOTICES = {verdict: notice(verdict, kind) for verdict, kind in ALERTS.items()}


def look_for_failures(connection: Connection[tuple[Any, ...]]) -> None:
    """Owe the owners word of what partners sent and failed. One at a time: two would tell it twice."""
    connection.execute(NOTICES[Verdict.FAILED].encode())


def look_into_quarantine(connection: Connection[tuple[Any, ...]]) -> None:
    """Owe the owners word of posts that a person must judge."""
    connection.execute(NOTICES[Verdict.QUARANTINED].encode())
