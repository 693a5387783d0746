"""One connection of the capture lane: it carries a batch there and back in two round trips."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import psycopg

from intake.wire import Wire
from models.operations.capture import Statement, capture
from models.operations.commands import Command
from models.operations.plan import Answer
from models.settings import Settings

BEGIN: Statement = ("BEGIN", ())
COMMIT: Statement = ("COMMIT", ())
ROLLBACK: Statement = ("ROLLBACK", ())

# A few rows are looked up by key in tables of any size. Plans are made once and must not depend on
# statistics, which on a fresh and fast-growing table say that it is empty.
OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "enable_seqscan=off",
        "enable_hashjoin=off",
        "enable_mergejoin=off",
        "jit=off",
        "plan_cache_mode=force_generic_plan",
        "statement_timeout=10s",
        "lock_timeout=5s",
    )
)


class Unavailable(Exception):  # noqa: N818 - a fact
    """The database could not be reached in time."""


class Lost(Exception):  # noqa: N818 - a fact
    """The connection broke, or its budget ran out, while a batch was in the air."""


class Broken(Lost):
    """The connection broke."""


class Flight:
    """Keeps one connection, opens it when needed, and gives it up when it does not answer in time."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.psycopg_url
        self._budget = settings.database_budget_seconds
        self._wire: Wire | None = None
        self._is_written = False

    async def carry(self, commands: Sequence[Command]) -> list[Answer]:
        """Write a batch and give its answers. Raises `Lost`, or the database's own error after a rollback."""
        is_kept, self._is_written = self._wire is not None, False
        try:
            return await self._attempt(commands)
        except Broken:
            if not is_kept or self._is_written:
                raise
            # A kept connection dies unseen when the database restarts; nothing was written over it.
            return await self._attempt(commands)

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    async def _attempt(self, commands: Sequence[Command]) -> list[Answer]:
        try:
            async with self._budgeted():
                return await self._carry(commands)
        except Lost:
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError) as exc:
            if self._wire is None or self._wire.closed:
                # Whether the commit was reached is not known, so it is not tried again from here.
                self.close()
                raise Broken(type(exc).__name__) from exc
            await self._roll_back()
            raise
        except Exception:
            # Whatever it was, the next batch must not find this one's transaction open.
            await self._roll_back()
            raise

    @asynccontextmanager
    async def _budgeted(self) -> AsyncIterator[None]:
        """Wait so long and no longer: a paused server does not even answer a request to cancel."""
        try:
            async with asyncio.timeout(self._budget):
                yield
        except TimeoutError:
            self.close()
            raise Lost("no answer in time") from None

    async def _roll_back(self) -> None:
        if self._wire is not None and not self._wire.closed:
            async with self._budgeted():
                await self._wire.trip([ROLLBACK])

    async def _carry(self, commands: Sequence[Command]) -> list[Answer]:
        wire = await self._connected()
        steps = capture(commands)
        reading = next(steps)
        rows = (await wire.trip([BEGIN, *reading]))[1:] if reading else []
        writing = steps.send(rows)
        self._is_written = True
        await wire.trip([*writing, COMMIT] if reading else [BEGIN, *writing, COMMIT])
        try:
            steps.send([])
        except StopIteration as end:
            answers: list[Answer] = end.value
            return answers
        message = "a capture has two round trips"
        raise AssertionError(message)

    async def _connected(self) -> Wire:
        if self._wire is None or self._wire.closed:
            self.close()
            self._wire = await Wire.open(self._url, OPTIONS, self._budget)
        return self._wire
