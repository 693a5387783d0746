"""Deaths: messages and tasks that were given up, of which an owner is told once a day for each kind.

Only dead jobs are read, and the index of the alerts about them. No alert is about an alert.
"""

from typing import Any

from psycopg import Connection

from models.job import ALERT_KINDS, QUEUES, SENDING_KINDS, JobKind

# A conversion that was promised, an erasure, or what a partner sent, is the owner's business as much as a
# message is. Events have their subscription's own word.
TASKS = (JobKind.CONVERT, JobKind.REATTACH, JobKind.ERASE, JobKind.RECEIVE)
TOLD_OF = ", ".join(f"'{kind}'" for kind in (*SENDING_KINDS, *TASKS) if kind not in ALERT_KINDS)
# By mail, unless it is the owner's mail that does not arrive. What died long ago is no news: a service
# that learns to tell does not begin with the past.
NOTICE = f"""
    INSERT INTO job (business_id, kind, queue, subject_id, target_id)
    SELECT d.business_id, '{JobKind.GIVEN_UP}', '{QUEUES[JobKind.GIVEN_UP]}', d.id, c.id
    FROM (
        SELECT DISTINCT ON (business_id, kind) id, business_id, kind FROM job dead
        WHERE state = 'dead' AND kind IN ({TOLD_OF})
            AND finished_at > clock_timestamp() - interval '2 days'
            AND NOT EXISTS (
                SELECT FROM job alert JOIN job about ON about.id = alert.subject_id
                WHERE alert.kind = '{JobKind.GIVEN_UP}' AND alert.business_id = dead.business_id
                    AND alert.created_at > least(dead.finished_at, clock_timestamp() - interval '1 day')
                    AND about.kind = dead.kind
            )
        ORDER BY business_id, kind, finished_at DESC, id DESC
    ) d
    LEFT JOIN owner_channel c ON c.business_id = d.business_id AND d.kind = '{JobKind.OWNER_EMAIL}'
    WHERE c.id IS NOT NULL OR d.kind <> '{JobKind.OWNER_EMAIL}'
"""  # noqa: S608 - words of our own


def look_for_deaths(connection: Connection[tuple[Any, ...]]) -> None:
    """Owe the owners word of messages that died. One at a time: two would tell it twice."""
    connection.execute(NOTICE.encode())
