"""Asks the database on a request's behalf: in a transaction, off the event loop, and not for ever."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

import structlog
from sqlmodel import Session

from intake.flight import Unavailable
from intake.remembered import UNREACHABLE
from models.database import transact
from models.settings import settings

C = TypeVar("C")
T = TypeVar("T")

log = structlog.get_logger()

# Threads of their own: a long list must not hold up the doors that take leads in.
THREADS = ThreadPoolExecutor(8, thread_name_prefix="ask")
# A page of records may wait for more than one lead does in the capture lane.
BUDGETS = 5


async def ask(operation: Callable[[Session, C], T], wanted: C) -> T:
    """Run an operation. Raises what it raises, or `Unavailable` where the database does not answer."""
    run = partial(copy_context().run, transact, operation, wanted)
    task = asyncio.get_running_loop().run_in_executor(THREADS, run)
    # A paused PostgreSQL answers no timeout of its own (reliability.md finding 8).
    await asyncio.wait({task}, timeout=settings().database_budget_seconds * BUDGETS)
    if not task.done():
        # What has not begun never will; what has begun may still end well.
        task.cancel()
        raise Unavailable("the database did not answer in time")
    try:
        return task.result()
    except UNREACHABLE as exc:
        log.warning("database unreachable", error=type(exc).__name__)
        raise Unavailable("the database could not be reached") from exc
