"""Waiting: what came in and made no lead, of which an owner is told once a day for each source and form.

Nobody answers to a webhook's sender once it was kept, and a visitor whose post was set aside was thanked: so
nobody else would hear of it.
"""

from typing import Any

from psycopg import Connection

from models.job import QUEUES, JobKind
from models.receipt import Verdict

# A partner that does not tell of a lead is asked for four days, and what it sent fails after these.
NEWS_DAYS = 7
ALERTS = {Verdict.FAILED: JobKind.WEBHOOK_FAILED, Verdict.QUARANTINED: JobKind.QUARANTINED}


def notice(verdict: Verdict, kind: JobKind) -> str:
    """Owe an alert about the newest receipt of each door that waits, if it is news."""
    return f"""
        INSERT INTO job (business_id, kind, queue, subject_id, target_id)
        SELECT w.business_id, '{kind}', '{QUEUES[kind]}', w.id, t.target_id
        FROM (
            SELECT DISTINCT ON (business_id, door) id, business_id FROM receipt waits
            WHERE verdict = '{verdict}'
                AND received_at > clock_timestamp() - make_interval(days => {NEWS_DAYS})
                AND NOT EXISTS (
                    SELECT FROM job alert JOIN receipt about ON about.id = alert.subject_id
                    WHERE alert.kind = '{kind}' AND alert.business_id = waits.business_id
                        AND about.door = waits.door AND (
                            about.id >= waits.id OR alert.created_at > clock_timestamp() - interval '1 day'
                        )
                )
            ORDER BY business_id, door, id DESC
        ) w
        CROSS JOIN LATERAL (
            SELECT NULL::bigint AS target_id
            UNION ALL SELECT c.id FROM owner_channel c WHERE c.business_id = w.business_id
        ) t
    """  # noqa: S608 - words of our own


NOTICES = {verdict: notice(verdict, kind) for verdict, kind in ALERTS.items()}


def look_for_failures(connection: Connection[tuple[Any, ...]]) -> None:
    """Owe the owners word of what partners sent and failed. One at a time: two would tell it twice."""
    connection.execute(NOTICES[Verdict.FAILED].encode())


def look_into_quarantine(connection: Connection[tuple[Any, ...]]) -> None:
    """Owe the owners word of posts that a person must judge."""
    connection.execute(NOTICES[Verdict.QUARANTINED].encode())
