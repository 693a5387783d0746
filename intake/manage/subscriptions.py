"""/intake/v1/subscriptions: who is told of the business's events."""

from datetime import timedelta
from typing import Any

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery
from sqlmodel import Session

from intake.ask import ask
from intake.body import Document
from intake.door import AnyRequest
from intake.manage.manager import manager_of, sent_object, sent_overlap
from models.errors import Invalid, Missing
from models.operations.resend import Resend, resend
from models.operations.subscriptions import (
    OVERLAP,
    ChangeSubscription,
    Named,
    Rotate,
    Subscribe,
    Tries,
    change_subscription,
    find_subscription,
    rotate_secret,
    subscribe,
    subscriptions_of,
    tries_of,
    unsubscribe,
)
from models.subscription import Event, EventAttempt, Format, Subscription

TAGS = ["subscriptions"]
PATH = "/subscriptions/{uid:str}"
SETTABLE = ("url", "events", "active")
MOST_HOURS = 8760

Answer = dict[str, Any]


@get("/subscriptions", operation_id="ListSubscriptions", summary="List subscriptions", tags=TAGS)
async def list_all(request: AnyRequest) -> Answer:
    """The subscriptions of the business, the oldest first."""
    manager = await manager_of(request)
    return {"items": await ask(listed, manager.business_id)}


@post(
    "/subscriptions",
    status_code=201,
    operation_id="CreateSubscription",
    summary="Tell a URL of events",
    tags=TAGS,
)
async def create(request: AnyRequest) -> Answer:
    """Subscribe `url` to `events`; the answer alone has the secret that signs them."""
    manager = await manager_of(request)
    sent = await sent_object(request)
    only(sent, ("url", "events", "format"))
    command = Subscribe(
        business_id=manager.business_id,
        url=text_of(sent, "url"),
        events=events_of(sent),
        format=format_of(sent),
    )
    return with_secret(await ask(subscribe, command))


@get(PATH, operation_id="GetSubscription", summary="Show a subscription", tags=TAGS)
async def show(request: AnyRequest, uid: FromPath[str]) -> Answer:
    manager = await manager_of(request)
    return document_of(await ask(find_subscription, Named(business_id=manager.business_id, uid=uid)))


@patch(PATH, operation_id="UpdateSubscription", summary="Change a subscription", tags=TAGS)
async def update(request: AnyRequest, uid: FromPath[str]) -> Answer:
    """Change `url`, `events` or `active`; what is not sent stays. `active` forgets failures."""
    manager = await manager_of(request)
    sent = await sent_object(request)
    only(sent, SETTABLE)
    command = ChangeSubscription(
        business_id=manager.business_id,
        uid=uid,
        url=text_of(sent, "url") if "url" in sent else None,
        events=events_of(sent) if "events" in sent else None,
        active=flag_of(sent, "active") if "active" in sent else None,
    )
    return document_of(await ask(change_subscription, command))


@post(f"{PATH}/rotate", status_code=200, operation_id="RotateSubscription", summary="New secret", tags=TAGS)
async def rotate(request: AnyRequest, uid: FromPath[str]) -> Answer:
    """Give a new secret; the old one signs too for `overlap_hours` more, 24 unless told."""
    manager = await manager_of(request)
    overlap = await sent_overlap(request, OVERLAP)
    command = Rotate(business_id=manager.business_id, uid=uid, overlap=overlap)
    return with_secret(await ask(rotate_secret, command))


@get(f"{PATH}/attempts", operation_id="ListAttempts", summary="What was tried", tags=TAGS)
async def attempts(request: AnyRequest, uid: FromPath[str], limit: FromQuery[int] = 50) -> Answer:
    """The newest tries of a subscription, `limit` of them, 200 at most."""
    manager = await manager_of(request)
    if not 1 <= limit <= 200:
        raise Invalid("limit must be a number from 1 to 200", "limit")
    tries = await ask(tries_of, Tries(business_id=manager.business_id, uid=uid, limit=limit))
    return {"items": [attempt_of(attempt, event) for attempt, event in tries]}


@post(f"{PATH}/replay", status_code=202, operation_id="ReplaySubscription", summary="Once more", tags=TAGS)
async def replay(request: AnyRequest, uid: FromPath[str]) -> Answer:
    """Tell it once more of what it did not take in `hours` (48); with `all`, also of what it took."""
    manager = await manager_of(request)
    sent = await sent_object(request)
    only(sent, ("hours", "all"))
    command = Resend(
        business_id=manager.business_id,
        uid=uid,
        since=timedelta(hours=hours_of(sent)),
        everything=flag_of(sent, "all"),
    )
    return {"items": [{"uid": one.uid, "type": one.type} for one in await ask(resend, command)]}


@delete(PATH, status_code=204, operation_id="DeleteSubscription", summary="End a subscription", tags=TAGS)
async def remove(request: AnyRequest, uid: FromPath[str]) -> Response[None]:
    """End a subscription and its log; what is still owed to it is not sent."""
    manager = await manager_of(request)
    await ask(unsubscribe, Named(business_id=manager.business_id, uid=uid))
    return Response(None, status_code=204)


def listed(session: Session, business_id: int) -> list[Answer]:
    return [document_of(one) for one in subscriptions_of(session, business_id)]


def only(sent: Document, names: tuple[str, ...]) -> None:
    for name in sent:
        if name not in names:
            raise Invalid(f"{name} is not one of {', '.join(names)}", name)


def text_of(sent: Document, name: str) -> str:
    value = sent.get(name)
    if value is None:
        raise Missing(f"{name} is missing", name)
    if not isinstance(value, str):
        raise Invalid(f"{name} must be a string", name)
    return value


def events_of(sent: Document) -> tuple[str, ...]:
    value = sent.get("events")
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise Invalid("events must be a list of types", "events")
    return tuple(str(word) for word in value)


def format_of(sent: Document) -> Format:
    """How events are worded: our own words, unless vcita's are asked for."""
    try:
        return Format(text_of(sent, "format")) if "format" in sent else Format.STANDARD
    except ValueError:
        raise Invalid(f"format must be one of {', '.join(Format)}", "format") from None


def flag_of(sent: Document, name: str) -> bool:
    value = sent.get(name, False)
    if not isinstance(value, bool):
        message = f"{name} must be true or false"
        raise Invalid(message, name)
    return value


def hours_of(sent: Document) -> float:
    value = sent.get("hours", 48)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MOST_HOURS:
        message = f"hours must be a number up to {MOST_HOURS}"
        raise Invalid(message, "hours")
    return value


def document_of(one: Subscription) -> Answer:
    """All but the secret."""
    return {
        "uid": one.uid,
        "url": one.url,
        "events": one.events,
        "format": one.format,
        "active": one.active,
        "failing_since": one.failing_since,
        "disabled_at": one.disabled_at,
        "disabled_reason": one.disabled_reason,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }


def with_secret(one: Subscription) -> Answer:
    return document_of(one) | {"secret": one.secret, "old_secret_until": one.old_secret_until}


def attempt_of(attempt: EventAttempt, event: Event) -> Answer:
    return {
        "event": event.uid,
        "type": event.type,
        "at": attempt.at,
        "status": attempt.status,
        "error": attempt.error,
        "answer": attempt.answer,
        "milliseconds": attempt.milliseconds,
    }


HANDLERS = [list_all, create, show, update, rotate, replay, attempts, remove]
