"""Listeners: which subscriptions of a business are told of which events."""

from dataclasses import dataclass

from sqlmodel import Session

LISTENERS = "SELECT id, events FROM subscription WHERE business_id = %s AND active ORDER BY id"


@dataclass(frozen=True, slots=True)
class Listener:
    """A subscription, by id, and the types of events that it is told of."""

    id: int
    events: frozenset[str]


def listeners_of(session: Session, business_id: int) -> tuple[Listener, ...]:
    """The active subscriptions of a business."""
    rows = session.connection().exec_driver_sql(LISTENERS, (business_id,))
    return tuple(Listener(row[0], frozenset(row[1])) for row in rows)
