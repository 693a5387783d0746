"""What every dialect does with a request before its own tongue begins: who speaks, for whom, and what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from litestar import Request
from litestar.exceptions import HTTPException

from intake import metrics
from intake.auth import Accounts, NotYourBusiness, own, require, token_of
from intake.body import BadBody, Document, parse_body, read_body
from intake.capture_lane import CaptureLane
from intake.fields import text_of
from intake.forms.book import Forms
from intake.forms.rates import FormRates
from intake.hooks.sources import Sources
from intake.rate import Buckets
from intake.turnstile import Turnstile
from models.errors import Invalid, KeyReused, Refusal
from models.operations.commands import Arrival, Captured, CaptureLead, Keep
from models.operations.identify import LONGEST_REFERENCE, Speaker, Tenant
from models.operations.tokens import Scope
from models.receipt import Verdict
from models.settings import Settings

log = structlog.get_logger()

AnyRequest = Request[Any, Any, Any]
ToCommand = Callable[[Document, Tenant, Arrival], CaptureLead]

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Doors:
    """What the doors of one web process share."""

    settings: Settings
    accounts: Accounts
    lane: CaptureLane
    turnstile: Turnstile
    sell_rate: Buckets
    nateq_rate: Buckets
    crm_rate: Buckets
    login_rate: Buckets
    forms: Forms
    form_rates: FormRates
    sources: Sources


def doors_of(request: AnyRequest) -> Doors:
    # By its name as a key: as an attribute it costs a microsecond, and each request asks several times.
    doors: Doors = request.app.state["doors"]
    return doors


async def holder_of(request: AnyRequest) -> Speaker:
    """Who sent the request, whatever the token is good for. Raises `Unauthenticated`."""
    return await doors_of(request).accounts.speaker(token_of(request.headers))


async def speaker_of(request: AnyRequest, scope: str) -> Speaker:
    """Who sent the request. Raises `Unauthenticated` or `Forbidden`."""
    speaker = await holder_of(request)
    require(speaker, scope)
    return speaker


async def capture_from(request: AnyRequest, door: str, speaker: Speaker, to_command: ToCommand) -> Captured:
    """Take in the lead that a request carries; a refused one leaves its receipt behind.

    The business is named by the token, by X-On-Behalf-Of or by `business_id` in the body.
    """
    doors = doors_of(request)
    named = request.headers.get("x-on-behalf-of")
    tenant, body = speaker.tenant, b""
    try:
        if tenant is None and named:
            tenant = await doors.accounts.tenant(speaker, named)
        # Read before anything else is refused, so that the receipt holds what was sent.
        body = await read_body(request, doors.settings.body_limit_bytes)
        admit(speaker, named)
        content_type = request.headers.get("content-type")
        document = parse_body(content_type, request.headers.get("content-encoding"), body)
        tenant = await body_tenant(doors, speaker, tenant, document)
        command = to_command(document, tenant, arrival(request, door, speaker, tenant, body))
        return await doors.lane.submit(command)
    except (BadBody, Refusal) as exc:
        kept = None if tenant is None else arrival(request, door, speaker, tenant, body, with_key=False)
        await keep_refused(doors, door, kept, exc)
        raise


async def keep_refused(doors: Doors, door: str, kept: Arrival | None, exc: BadBody | Refusal) -> None:
    """Count and tell that a lead was refused, and keep its receipt, if it is known whose."""
    metrics.REFUSED.labels(door, exc.reason).inc()
    business = kept.business_id if kept else None
    log.info("lead refused", door=door, business=business, reason=exc.reason, field=exc.field)
    # The lane itself keeps the receipt of a key that was used for something else.
    if kept is not None and not isinstance(exc, KeyReused):
        await doors.lane.submit(Keep(arrival=kept, verdict=Verdict.REFUSED, reason=exc.reason))


def admit(speaker: Speaker, named: str | None) -> None:
    """Raises `Forbidden`, or `NotYourBusiness` where a business's own token comes with another's name."""
    require(speaker, Scope.LEADS_WRITE)
    if speaker.tenant is not None:
        own(speaker.tenant, named)


async def body_tenant(doors: Doors, speaker: Speaker, tenant: Tenant | None, document: Document) -> Tenant:
    """The business that the body names, which must be the one that the token or the header named."""
    named = text_of(document, "business_id", LONGEST_REFERENCE)
    if not named:
        return tenant or await doors.accounts.tenant(speaker, None)
    found = await doors.accounts.tenant(speaker, named)
    if tenant is not None and tenant.id != found.id:
        raise NotYourBusiness
    return found


async def document_of(request: AnyRequest) -> Document:
    """The document that a request carries. Raises `BadBody`."""
    body = await read_body(request, doors_of(request).settings.body_limit_bytes)
    return parse_body(request.headers.get("content-type"), request.headers.get("content-encoding"), body)


def wants_later(request: AnyRequest) -> bool:
    """Whether a Prefer header asks to answer before the work is done (RFC 7240 section 4.1)."""
    sent = ",".join(request.headers.getall("prefer", []))
    return any(one.partition(";")[0].strip().lower() == "respond-async" for one in sent.split(","))


def arrival(  # noqa: PLR0913 - the columns of a receipt
    request: AnyRequest, door: str, speaker: Speaker, tenant: Tenant, body: bytes, *, with_key: bool = True
) -> Arrival:
    return Arrival(
        uid=request.scope["state"]["request_id"],
        business_id=tenant.id,
        door=door,
        body=body,
        content_type=(request.headers.get("content-type") or "")[:200].replace("\0", ""),
        token_id=speaker.token_id,
        user_id=speaker.user_id or tenant.owner_id,
        idempotency_key=idempotency_key(request) if with_key else None,
        listeners=tenant.listeners,
    )


def idempotency_key(request: AnyRequest) -> str | None:
    """The Idempotency-Key header, bare as Stripe takes it or quoted as the IETF draft writes it."""
    sent = request.headers.get("idempotency-key")
    if sent is None:
        return None
    key = sent.strip().strip('"')
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        message = f"Idempotency-Key must be 1 to {LONGEST_KEY} printable ASCII characters"
        raise Invalid(message, "Idempotency-Key")
    return key


def status_of(exc: Exception) -> int:
    """The status of a framework's own error; 500 for whatever nobody foresaw, which is logged by its type."""
    if isinstance(exc, HTTPException):
        return exc.status_code
    log.error("request failed", error=type(exc).__name__, exc_info=None)
    return 500
