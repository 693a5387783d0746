"""Emit: tell whoever subscribed of something that happened, in the transaction in which it did."""

from sqlalchemy import Connection

from models.identifiers import new_uid
from models.job import QUEUES, JobKind
from models.operations.statements import NOTIFY
from models.subscription import EventType


def emitting(happened: str) -> str:
    """The parts of a statement that owe an event about each row of `happened` (id, business_id).

    They leave `type` and `uid` open. Nobody listens most of the time: then nothing is written.
    """
    return f"""
        listening AS (
            SELECT s.id FROM subscription s JOIN {happened} h USING (business_id)
            WHERE s.active AND %(type)s = ANY(s.events)
        ), event_of_it AS (
            INSERT INTO event (uid, business_id, type, subject_id)
            SELECT %(uid)s, h.business_id, %(type)s, h.id FROM {happened} h
            WHERE EXISTS (SELECT FROM listening)
            RETURNING id, business_id
        ), owed AS (
            INSERT INTO job (business_id, kind, queue, subject_id, target_id)
            SELECT e.business_id, '{JobKind.EVENT}', '{QUEUES[JobKind.EVENT]}', e.id, l.id
            FROM event_of_it e, listening l
        )
    """  # noqa: S608 - words of our own


EMIT = f"""
    WITH happened AS (SELECT %(subject)s::bigint AS id, %(business)s::bigint AS business_id),
    {emitting("happened")}
    SELECT count(*) FROM listening
"""  # noqa: S608


def names_of(kind: EventType) -> dict[str, str]:
    """What `emitting` leaves open."""
    return {"type": str(kind), "uid": f"evt_{new_uid()}"}


def emit(connection: Connection, business_id: int, kind: EventType, subject_id: int) -> None:
    """Owe an event to each active subscription to its type."""
    names = names_of(kind) | {"business": business_id, "subject": subject_id}
    if connection.exec_driver_sql(EMIT, names).scalar_one():
        connection.exec_driver_sql(NOTIFY)
