"""Failures: what partners sent and made no lead, of which an owner is told once a day for each source.

Nobody answers to a webhook's sender once it was kept, so nobody else would hear of it.
"""

from typing import Any

from psycopg import Connection

from models.job import QUEUES, JobKind
from models.receipt import Verdict

# A partner that does not tell of a lead is asked for four days, and what it sent fails after these.
NEWS_DAYS = 7
NOTICE = f"""
    INSERT INTO job (business_id, kind, queue, subject_id, target_id)
    SELECT f.business_id, '{JobKind.WEBHOOK_FAILED}', '{QUEUES[JobKind.WEBHOOK_FAILED]}', f.id, t.target_id
    FROM (
        SELECT DISTINCT ON (business_id, door) id, business_id FROM receipt failed
        WHERE verdict = '{Verdict.FAILED}'
            AND received_at > clock_timestamp() - make_interval(days => {NEWS_DAYS})
            AND NOT EXISTS (
                SELECT FROM job alert JOIN receipt about ON about.id = alert.subject_id
                WHERE alert.kind = '{JobKind.WEBHOOK_FAILED}' AND alert.business_id = failed.business_id
                    AND about.door = failed.door
                    AND (about.id >= failed.id OR alert.created_at > clock_timestamp() - interval '1 day')
            )
        ORDER BY business_id, door, id DESC
    ) f
    CROSS JOIN LATERAL (
        SELECT NULL::bigint AS target_id
        UNION ALL SELECT c.id FROM owner_channel c WHERE c.business_id = f.business_id
    ) t
"""  # noqa: S608 - words of our own


def look_for_failures(connection: Connection[tuple[Any, ...]]) -> None:
    """Owe the owners word of what failed. One at a time: two would tell it twice."""
    connection.execute(NOTICE.encode())
