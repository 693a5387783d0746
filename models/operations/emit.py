"""Emit: tell whoever subscribed of something that happened, in the transaction in which it did."""

from sqlalchemy import Connection

from models.identifiers import new_uid
from models.job import QUEUES, JobKind
from models.operations.capture import NOTIFY
from models.subscription import EventType

# Nobody listens most of the time: then nothing is written.
EMIT = f"""
    WITH l AS (
        SELECT id FROM subscription
        WHERE business_id = %(business)s AND active AND %(type)s = ANY(events)
    ), e AS (
        INSERT INTO event (uid, business_id, type, subject_id)
        SELECT %(uid)s, %(business)s, %(type)s, %(subject)s WHERE EXISTS (SELECT FROM l)
        RETURNING id, business_id
    )
    INSERT INTO job (business_id, kind, queue, subject_id, target_id)
    SELECT e.business_id, '{JobKind.EVENT}', '{QUEUES[JobKind.EVENT]}', e.id, l.id FROM e, l
"""  # noqa: S608 - words of our own


def emit(connection: Connection, business_id: int, kind: EventType, subject_id: int) -> None:
    """Owe an event to each active subscription to its type."""
    names = {
        "business": business_id,
        "type": str(kind),
        "subject": subject_id,
        "uid": f"evt_{new_uid()}",
    }
    if connection.exec_driver_sql(EMIT, names).rowcount:
        connection.exec_driver_sql(NOTIFY)
