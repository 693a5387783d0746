"""Who calls, after all that is checked before a resource is looked at."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from intake.auth import Unavailable, require, token_of
from intake.dialects.sell.refusals import refusal
from intake.door import AnyRequest, doors_of
from intake.rate import Buckets
from models.database import transact
from models.operations.tokens import Scope
from models.settings import settings

C = TypeVar("C")
T = TypeVar("T")

# Threads of this tongue's own: a long list must not hold up the doors that take leads in.
THREADS = ThreadPoolExecutor(8, thread_name_prefix="sell")
# A page of records may wait for more than one lead does in the capture lane.
BUDGETS = 5

READABLE = {"*/*", "application/*", "application/json"}


@dataclass(frozen=True, slots=True)
class Caller:
    """The business spoken for, the user who speaks, if it is one, and where links begin."""

    business_id: int
    user_id: int | None
    base: str


async def called(request: AnyRequest, scope: Scope) -> Caller:
    """Check headers, token, rate and scope, in this order. Raises what the router puts into words."""
    check_headers(request)
    doors = doors_of(request)
    speaker = await doors.accounts.speaker(token_of(request.headers))
    buckets: Buckets = request.app.state.setdefault("sell_rate", Buckets(doors.settings.rate_limit_sell))
    if not buckets.take(speaker.token_id):
        raise refusal(429, "rate_limit_exceeded", "The token has sent too many requests: slow down.")
    require(speaker, scope)
    tenant = await doors.accounts.tenant(speaker, request.headers.get("x-on-behalf-of"))
    return Caller(tenant.id, speaker.user_id, f"{doors.settings.public_url.rstrip('/')}/v2")


def check_headers(request: AnyRequest) -> None:
    """Sell wants to know the caller's program, and speaks JSON only."""
    if not request.headers.get("user-agent", "").strip():
        raise refusal(400, "invalid_user_agent", "The User-Agent header is required.")
    if not accepts_json(request.headers.get("accept", "")):
        raise refusal(406, "invalid_header", "The Accept header must allow application/json.")


def accepts_json(accept: str) -> bool:
    """Whether a media range of the header covers JSON and has a weight (RFC 9110 section 12.5.1)."""
    if not accept.strip():
        return True
    ranges = [media_range.split(";") for media_range in accept.lower().split(",")]
    return any(name.strip() in READABLE and not weightless(rest) for name, *rest in ranges)


def weightless(parameters: list[str]) -> bool:
    words = [parameter.replace(" ", "") for parameter in parameters]
    return any(word.startswith("q=") and word[2:].strip("0.") == "" for word in words)


async def done(operation: Callable[[Session, C], T], command: C) -> T:
    """Run an operation in a transaction of its own, off the event loop. Raises `Unavailable`."""
    run = partial(copy_context().run, transact, operation, command)
    task = asyncio.get_running_loop().run_in_executor(THREADS, run)
    # A paused PostgreSQL answers no timeout of its own (reliability.md finding 8).
    await asyncio.wait({task}, timeout=settings().database_budget_seconds * BUDGETS)
    if not task.done():
        # What has not begun never will; what has begun may still end well.
        task.cancel()
        raise Unavailable("the database did not answer in time")
    return task.result()
