"""Remembers what the database said for a while, and for longer while the database is down."""

import asyncio
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from intake.flight import Unavailable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

log = structlog.get_logger()

Clock = Callable[[], float]

UNREACHABLE = (OperationalError, InterfaceError)
MOST_ENTRIES = 10_000
STALE_SECONDS = 15 * 60.0


class Shelf(Generic[K, V]):
    """A bounded store of values and their times. The one kept longest ago goes first."""

    def __init__(self, most: int = MOST_ENTRIES) -> None:
        self._most = most
        self._entries: dict[K, tuple[float, V]] = {}

    def put(self, key: K, value: V, now: float) -> None:
        self._entries.pop(key, None)  # So that what is kept anew stands last.
        self._entries[key] = (now, value)
        if len(self._entries) > self._most:
            del self._entries[next(iter(self._entries))]

    def get(self, key: K, since: float) -> V | None:
        entry = self._entries.get(key)
        return entry[1] if entry is not None and entry[0] > since else None

    def drop(self, key: K) -> None:
        self._entries.pop(key, None)


class Remembered(Generic[K, V]):
    """Answers a key from memory, or by one look-up that all who wait for the same key share.

    `fresh` is how long an answer is believed and `patience` how long a caller waits for the
    database, both in seconds. `forget_unknown`: a key that names nothing today may do so tomorrow,
    and is looked up each time; otherwise that it names nothing is believed as long. Those are kept
    apart from the known, so that guesses push nobody out.
    """

    def __init__(
        self, *, fresh: float, patience: float, forget_unknown: bool, clock: Clock = time.monotonic
    ) -> None:
        self._fresh = fresh
        self._patience = patience
        self._forget_unknown = forget_unknown
        self._clock = clock
        self._known: Shelf[K, V] = Shelf()
        self._unknown: Shelf[K, bool] = Shelf()
        self._asked: dict[K, asyncio.Task[V | None]] = {}

    async def recall(self, key: K, look_up: Callable[[], V | None]) -> V | None:
        """What the key names, or None; `look_up` runs in a thread. Raises `Unavailable`."""
        since = self._clock() - self._fresh
        known = self._known.get(key, since)
        if known is not None:
            return known
        if self._unknown.get(key, since):
            return None
        try:
            return await self._ask(key, look_up)
        except Unavailable:
            stale = self._known.get(key, self._clock() - STALE_SECONDS)
            if stale is None:
                raise
            return stale

    async def _ask(self, key: K, look_up: Callable[[], V | None]) -> V | None:
        task = self._asked.get(key)
        if task is None:
            task = asyncio.create_task(self._look_up(key, look_up))
            self._asked[key] = task
            task.add_done_callback(lambda done: self._landed(key, done))
        # A caller who gives up must not end the look-up for the others, and a paused PostgreSQL
        # answers no timeout of its own (reliability.md finding 8).
        await asyncio.wait({task}, timeout=self._patience)
        if not task.done():
            raise Unavailable("the database did not answer in time")
        return task.result()

    async def _look_up(self, key: K, look_up: Callable[[], V | None]) -> V | None:
        asked_at = self._clock()  # An answer is as old as its question: a revocation may come between.
        try:
            value = await asyncio.to_thread(look_up)
        except UNREACHABLE as exc:
            log.warning("accounts unreachable", error=type(exc).__name__)
            raise Unavailable("the database could not be reached") from exc
        self._keep(key, value, asked_at)
        return value

    def _keep(self, key: K, value: V | None, asked_at: float) -> None:
        if value is not None:
            self._known.put(key, value, asked_at)
            return
        self._known.drop(key)
        if not self._forget_unknown:
            self._unknown.put(key, True, asked_at)

    def _landed(self, key: K, task: asyncio.Task[V | None]) -> None:
        del self._asked[key]
        if not task.cancelled():
            task.exception()  # Nobody may be left to hear of it; then it is no fault of the loop's.
