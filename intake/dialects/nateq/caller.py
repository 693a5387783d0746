"""Who calls, by the Authorization header as this tongue reads it; and what is done on the caller's word."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from litestar.datastructures import Headers
from sqlmodel import Session

from intake.auth import Unavailable, require
from intake.dialects.nateq.envelope import BadKey
from intake.door import AnyRequest, doors_of
from intake.remembered import UNREACHABLE
from models.database import transact
from models.operations.identify import Tenant, is_token

C = TypeVar("C")
T = TypeVar("T")

log = structlog.get_logger()

# A page of people with their histories may wait for more than one lead does in the capture lane.
BUDGETS = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """The business that is spoken for, and the user who speaks, if the token is one's."""

    tenant: Tenant
    user_id: int | None


def key_of(headers: Headers) -> str:
    """The key, after `Bearer` or bare as in the seeds' samples. Raises `BadKey`."""
    sent = [text for value in headers.getall("authorization", []) if (text := value.strip(" \t"))]
    if not sent:
        raise BadKey("MISSING_API_KEY", "The Authorization header is missing")
    scheme, _, rest = sent[0].partition(" ")
    bearer = scheme.lower() == "bearer" and rest.strip()
    key = rest.strip() if bearer else sent[0]
    if len(sent) > 1 or not (bearer or key.startswith("tg_")):
        raise BadKey("INVALID_AUTH_FORMAT", "Send the API key as Authorization: Bearer tg_live_...")
    if not is_token(key):
        raise BadKey("INVALID_API_KEY_FORMAT", "An API key is tg_live_ or tg_test_ and 56 letters and digits")
    return key


async def caller_of(request: AnyRequest, scope: str) -> Caller:
    """Raises `BadKey`, `Unauthenticated`, `Forbidden`, `NoBusiness`, `NotYourBusiness` or `Unavailable`."""
    accounts = doors_of(request).accounts
    speaker = await accounts.speaker(key_of(request.headers))
    require(speaker, scope)
    tenant = await accounts.tenant(speaker, request.headers.get("x-on-behalf-of"))
    return Caller(tenant, speaker.user_id)


async def ask(request: AnyRequest, operation: Callable[[Session, C], T], wanted: C) -> T:
    """Run an operation in a transaction of its own, off the event loop. Raises `Unavailable`."""
    task = asyncio.create_task(asyncio.to_thread(transact, operation, wanted))
    patience = doors_of(request).settings.database_budget_seconds * BUDGETS
    # A paused PostgreSQL answers no timeout of its own (reliability.md finding 8).
    await asyncio.wait({task}, timeout=patience)
    if not task.done():
        task.add_done_callback(lambda late: late.cancelled() or late.exception())
        raise Unavailable("the database did not answer in time")
    try:
        return task.result()
    except UNREACHABLE as exc:
        log.warning("database unreachable", error=type(exc).__name__)
        raise Unavailable("the database could not be reached") from exc
