"""Subscriptions: made, changed, rotated, ended, and what was tried for them."""

import base64
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from models.business import Business
from models.database import now
from models.errors import Invalid, NotFound, Taken
from models.identifiers import new_uid
from models.settings import settings
from models.subscription import Event, EventAttempt, EventType, Format, Subscription
from models.targets import checked_url, networks

SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64.
PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)
MOST = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribe:
    """Tell `url` of some types of events; `topic` is what a caller of vcita's tongue calls them."""

    business_id: int
    url: str
    events: tuple[str, ...]
    format: Format = Format.STANDARD
    topic: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeSubscription:
    """What is None stays as it is. `active` as true lets a disabled subscription begin anew."""

    business_id: int | None
    uid: str
    url: str | None = None
    events: tuple[str, ...] | None = None
    active: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A subscription by its uid; an operator, who speaks for no business, gives None."""

    business_id: int | None
    uid: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotate(Named):
    """`overlap`: how long the old secret signs beside the new one."""

    overlap: timedelta = OVERLAP


@dataclass(frozen=True, kw_only=True, slots=True)
class Tries(Named):
    """The newest `limit` tries of a subscription."""

    limit: int = 50


def subscribe(session: Session, command: Subscribe) -> Subscription:
    """Subscribe, or let the same begin anew where it was disabled.

    Raises `Invalid`, or `Taken` where the same is subscribed to already.
    """
    url = checked_url(command.url, networks(settings().webhook_networks))
    events = checked_events(command.events)
    # Two callers who subscribe to the same at once take turns, and hold up nobody else.
    session.get_one(Business, command.business_id, with_for_update={"key_share": True})
    known = subscriptions_of(session, command.business_id)
    same = next((one for one in known if _same(one, command, events)), None)
    if same is not None and same.active:
        raise Taken("there is such a subscription already", "url")
    if same is not None:
        anew = ChangeSubscription(business_id=command.business_id, uid=same.uid, active=True)
        return change_subscription(session, anew)
    if len(known) >= MOST:
        raise Invalid(f"a business has at most {MOST} subscriptions", "url")
    subscription = Subscription(
        uid=new_uid(),
        business_id=command.business_id,
        url=url,
        events=events,
        format=command.format,
        topic=command.topic,
        secret=_secret(),
    )
    session.add(subscription)
    session.flush()
    session.refresh(subscription)
    return subscription


def change_subscription(session: Session, command: ChangeSubscription) -> Subscription:
    """Raises `NotFound` or `Invalid`."""
    subscription = find_subscription(session, command, lock=True)
    if command.url is not None:
        subscription.url = checked_url(command.url, networks(settings().webhook_networks))
    if command.events is not None:
        subscription.events = checked_events(command.events)
    if command.active is not None:
        subscription.active = command.active
        subscription.failing_since = None
        subscription.disabled_at = None if command.active else now(session)
        subscription.disabled_reason = "" if command.active else "by hand"
    return _kept(session, subscription)


def rotate_secret(session: Session, command: Rotate) -> Subscription:
    """Give a new secret; the old one signs too until the overlap ends. Raises `NotFound`."""
    subscription = find_subscription(session, command, lock=True)
    subscription.old_secret = subscription.secret
    subscription.old_secret_until = now(session) + command.overlap
    subscription.secret = _secret()
    return _kept(session, subscription)


def unsubscribe(session: Session, command: Named) -> None:
    """End a subscription and its log; what is still owed to it goes nowhere. Raises `NotFound`."""
    remove(session, [find_subscription(session, command, lock=True)])


def remove(session: Session, ended: Sequence[Subscription]) -> None:
    ids = [one.id for one in ended]
    session.execute(delete(EventAttempt).where(col(EventAttempt.subscription_id).in_(ids)))
    session.execute(delete(Subscription).where(col(Subscription.id).in_(ids)))


def find_subscription(
    session: Session, named: Named | ChangeSubscription, *, lock: bool = False
) -> Subscription:
    """Raises `NotFound`, also for a subscription of another business."""
    query = select(Subscription).where(Subscription.uid == named.uid)
    if named.business_id is not None:
        query = query.where(Subscription.business_id == named.business_id)
    if lock:
        query = query.with_for_update()
    subscription = session.exec(query).first() if named.uid.isprintable() else None
    if subscription is None:
        raise NotFound("there is no such subscription", "subscription")
    return subscription


def subscriptions_of(session: Session, business_id: int) -> Sequence[Subscription]:
    """All of a business, the oldest first, disabled ones too."""
    query = select(Subscription).where(Subscription.business_id == business_id)
    return session.exec(query.order_by(col(Subscription.id))).all()


def tries_of(session: Session, wanted: Tries) -> Sequence[tuple[EventAttempt, Event]]:
    """The newest tries of a subscription, each with its event. Raises `NotFound`."""
    subscription = find_subscription(session, wanted)
    query = (
        select(EventAttempt, Event)
        .join(Event, col(Event.id) == col(EventAttempt.event_id))
        .where(EventAttempt.subscription_id == subscription.id)
        .order_by(col(EventAttempt.id).desc())
        .limit(wanted.limit)
    )
    return session.exec(query).all()


def checked_events(events: Iterable[str]) -> list[str]:
    """The types in our own order. Raises `Invalid`."""
    wanted = set(events)
    if not wanted or not wanted <= set(EventType):
        raise Invalid(f"events must be any of {', '.join(EventType)}", "events")
    return [kind.value for kind in EventType if kind in wanted]


def _same(one: Subscription, command: Subscribe, events: list[str]) -> bool:
    return (one.url, one.format, one.topic, one.events) == (
        command.url,
        command.format,
        command.topic,
        events,
    )


def _secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _kept(session: Session, subscription: Subscription) -> Subscription:
    subscription.updated_at = now(session)
    session.add(subscription)
    session.flush()
    return subscription
