"""Resend: a subscriber that lost events is told of them once more, under the ids that they had."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from models.errors import Invalid
from models.job import QUEUES, JobKind
from models.operations.statements import NOTIFY
from models.operations.subscriptions import Named, find_subscription
from models.subscription import Subscription

# What is on its way is told anyway. An event is kept only if somebody listened when it happened.
OWED = """
    SELECT e.id, e.uid, e.type FROM event e
    WHERE e.business_id = %(business)s AND e.type = ANY(%(types)s)
        AND e.created_at > clock_timestamp() - %(since)s
        AND NOT EXISTS (
            SELECT FROM job j WHERE j.state IN ('pending', 'claimed') AND j.kind = 'event'
                AND j.target_id = %(subscription)s AND j.subject_id = e.id
        )
        AND (%(everything)s OR NOT EXISTS (
            SELECT FROM event_attempt a WHERE a.event_id = e.id AND a.subscription_id = %(subscription)s
                AND a.status BETWEEN 200 AND 299
        ))
    ORDER BY e.id
"""
OWE = f"""
    INSERT INTO job (business_id, kind, queue, subject_id, target_id)
    SELECT %(business)s, '{JobKind.EVENT}', '{QUEUES[JobKind.EVENT]}', id, %(subscription)s
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS e(id, place) ORDER BY place
"""  # noqa: S608 - words of our own


@dataclass(frozen=True, kw_only=True, slots=True)
class Resend:
    """What a subscription has not taken in the time `since`; with `everything`, also what it took."""

    business_id: int | None
    uid: str
    since: timedelta
    everything: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """An event that is told once more."""

    id: int
    uid: str
    type: str


def resend(session: Session, command: Resend) -> list[Again]:
    """Owe them, unless it is only asked which. Raises `NotFound`, or `Invalid` for a disabled one."""
    one = find_subscription(session, Named(business_id=command.business_id, uid=command.uid))
    if not one.active:
        raise Invalid("the subscription is disabled: enable it first", "uid")
    found = owed(session, one, command)
    if found and not command.dry_run:
        names = {"business": one.business_id, "subscription": one.id, "ids": [event.id for event in found]}
        session.connection().exec_driver_sql(OWE, names)
        session.connection().exec_driver_sql(NOTIFY)
    return found


def owed(session: Session, one: Subscription, command: Resend) -> list[Again]:
    names = {
        "business": one.business_id,
        "subscription": one.id,
        "types": one.events,
        "since": command.since,
        "everything": command.everything,
    }
    return [Again(*row) for row in session.connection().exec_driver_sql(OWED, names)]
