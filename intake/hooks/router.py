"""POST /hooks/{key}: whatever a partner sends is verified, kept and acknowledged (wire.md part 5)."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from litestar import MediaType, Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from intake import metrics
from intake.body import BadBody, read_body
from intake.body.media_type import require_identity
from intake.door import AnyRequest, doors_of, status_of
from intake.flight import Unavailable
from intake.hooks import challenge
from intake.hooks.sent import BadDelivery, Sent, Unverified
from intake.hooks.sources import Gone, Paused, UnknownSource
from intake.straight import STRAIGHT
from models.errors import Invalid, KeyReused, Refusal
from models.job import JobKind
from models.mapping.delivery_id import delivery_id, key_of
from models.operations.commands import Arrival, Keep
from models.operations.sources.hear import Heard
from models.receipt import Verdict
from models.source import Scheme

log = structlog.get_logger()

DOOR = "hook"
RETRY_SECONDS = "2"

STATUSES: dict[type[Refusal], int] = {
    Invalid: 400,
    BadDelivery: 400,
    Unverified: 401,
    challenge.BadVerifyToken: 403,
    UnknownSource: 404,
    challenge.NotServed: 405,
    Gone: 410,
    Paused: 503,
}
# Senders disable an address at once that answers 404 or 410, and try one again that answers 503.
HEADERS = {405: {"Allow": "POST"}, 503: {"Retry-After": "120"}}


@post(
    "/{key:str}",
    status_code=200,
    opt=STRAIGHT,
    summary="Take what a partner's webhook sends",
    tags=["hooks"],
)
async def receive(request: AnyRequest, key: FromPath[str]) -> Response[dict[str, str]]:
    """Keep what was sent, once a delivery, and let a worker make a lead of it."""
    heard = await doors_of(request).sources.find(key)
    require_identity(request.headers.get("content-encoding"))
    body = await read_body(request, doors_of(request).settings.body_limit_bytes)
    sent = sent_in(request, body)
    await doors_of(request).sources.verify(heard, sent)
    await keep(request, heard, sent)
    return Response({"status": "OK"})


@get("/{key:str}", summary="Answer a partner's challenge", tags=["hooks"])
async def prove(request: AnyRequest, key: FromPath[str]) -> Response[object]:
    """Show a sender that the address is ours."""
    heard = await doors_of(request).sources.find(key)
    return challenge.answer(heard, {name: str(value) for name, value in request.query_params.items()})


async def keep(request: AnyRequest, heard: Heard, sent: Sent) -> None:
    """Put the receipt and its job on disk. A delivery that was seen is acknowledged again, no more."""
    arrival = Arrival(
        uid=request.scope["state"]["request_id"],
        business_id=heard.business_id,
        door=heard.door,
        body=sent.body,
        content_type=sent.content_type,
        idempotency_key=key_of(heard.door, number_of(heard, sent)),
    )
    wanted = Keep(arrival=arrival, verdict=Verdict.RECEIVED, promise=JobKind.RECEIVE)
    try:
        captured = await doors_of(request).lane.submit(wanted)
    except KeyReused:
        # Senders count their tries in the body, so this is most often the same delivery. Its receipt is kept.
        log.warning("delivery seen with another body", door=heard.door, business=heard.business_id)
        metrics.ACCEPTED.labels(DOOR, "seen").inc()
        return
    metrics.ACCEPTED.labels(DOOR, "seen" if captured.replayed else Verdict.RECEIVED).inc()


def number_of(heard: Heard, sent: Sent) -> str:
    """What the delivery is known by: a header, an id in the body, or the body itself."""
    header = heard.options.get("delivery_header")
    if heard.scheme == Scheme.STANDARD_WEBHOOKS:
        header = "webhook-id"
    values = sent.headers.get((header or "").lower(), ())
    return values[0] if values else delivery_id(heard.preset, sent.content_type, sent.body, sent.now)


def sent_in(request: AnyRequest, body: bytes) -> Sent:
    """The request as its sender signed it: under the address that we tell to partners."""
    headers: dict[str, list[str]] = {}
    for name, value in request.headers.multi_items():
        headers.setdefault(name.lower(), []).append(value)
    public = doors_of(request).settings.public_url.rstrip("/")
    query = request.scope["query_string"].decode("latin-1")
    return Sent(
        method=request.method,
        url=f"{public}{request.scope['path']}" + (f"?{query}" if query else ""),
        headers=headers,
        body=body,
        now=time.time(),
    )


def say(message: str, status: int) -> Response[dict[str, str]]:
    return Response({"status": "Error", "message": message}, status_code=status, media_type=MediaType.JSON)


def refused(_: AnyRequest, exc: Any) -> Response[dict[str, str]]:  # noqa: ANN401 - a Refusal or a BadBody
    """No receipt of what nobody vouched for; the metric counts it, under no key."""
    metrics.REFUSED.labels(DOOR, exc.reason).inc()
    log.info("hook refused", reason=exc.reason)
    status = exc.status if isinstance(exc, BadBody) else STATUSES.get(type(exc), 422)
    answer = say(exc.message, status)
    answer.headers.update(HEADERS.get(status, {}))
    return answer


def unavailable(_: AnyRequest, __: Unavailable) -> Response[dict[str, str]]:
    answer = say("Temporarily unavailable, please try again", 503)
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def failed(_: AnyRequest, exc: Exception) -> Response[dict[str, str]]:
    return say(exc.detail if isinstance(exc, HTTPException) else "Internal error", status_of(exc))


HANDLERS: dict[int | type[Exception], Callable[[AnyRequest, Any], Response[Any]]] = {
    Refusal: refused,
    BadBody: refused,
    Unavailable: unavailable,
    # Named beside Exception, since the application's own handler of it would come before.
    HTTPException: failed,
    Exception: failed,
}
router = Router(path="/hooks", route_handlers=[receive, prove], exception_handlers=HANDLERS)
