"""One connection of the capture lane: it carries a batch there and back in two round trips."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection

from models.operations.capture import Rows, Statement, capture
from models.operations.commands import Command
from models.operations.plan import Answer
from models.settings import Settings

T = TypeVar("T")

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
        self._connection: AsyncConnection[tuple[Any, ...]] | None = None
        self._is_written = False

    async def carry(self, commands: Sequence[Command]) -> list[Answer]:
        """Write a batch and give its answers. Raises `Lost`, or the database's own error after a rollback."""
        is_kept, self._is_written = self._connection is not None, False
        try:
            return await self._attempt(commands)
        except Broken:
            if not is_kept or self._is_written:
                raise
            # A kept connection dies unseen when the database restarts; nothing was written over it.
            return await self._attempt(commands)

    async def _attempt(self, commands: Sequence[Command]) -> list[Answer]:
        try:
            return await self._within_budget(self._carry(commands))
        except Lost:
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError) as exc:
            if self._connection is None or self._connection.broken or self._connection.closed:
                # Whether the commit was reached is not known, so it is not tried again from here.
                self._abandon()
                raise Broken(type(exc).__name__) from exc
            await self._roll_back()
            raise
        except Exception:
            # Whatever it was, the next batch must not find this one's transaction open.
            await self._roll_back()
            raise

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _within_budget(self, work: Awaitable[T]) -> T:
        """Wait so long and no longer: a paused server does not even answer psycopg's own cancel."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=self._budget)
        if done:
            return task.result()
        self._abandon()
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        task.cancel()
        raise Lost("no answer in time")

    def _abandon(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.pgconn.finish()

    async def _roll_back(self) -> None:
        if self._connection is not None and not self._connection.closed:
            await self._within_budget(self._connection.execute("ROLLBACK"))

    async def _carry(self, commands: Sequence[Command]) -> list[Answer]:
        connection = await self._connected()
        steps = capture(commands)
        reading = next(steps)
        rows: list[Rows] = []
        async with connection.pipeline() as pipeline:
            await connection.execute("BEGIN")
            if reading:
                rows = await fetch(connection, reading, pipeline)
            writing = steps.send(rows)
            self._is_written = True
            for sql, parameters in writing:
                await connection.execute(sql, parameters, prepare=True)
            await connection.execute("COMMIT")
        try:
            steps.send([])
        except StopIteration as end:
            answers: list[Answer] = end.value
            return answers
        message = "a capture has two round trips"
        raise AssertionError(message)

    async def _connected(self) -> AsyncConnection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = await AsyncConnection.connect(
                self._url, autocommit=True, connect_timeout=max(1, int(self._budget)), options=OPTIONS
            )
        return self._connection


async def fetch(
    connection: AsyncConnection[tuple[Any, ...]],
    statements: Sequence[Statement],
    pipeline: psycopg.AsyncPipeline,
) -> list[Rows]:
    """Send the statements in one go, then read what each of them answered."""
    cursors = [await connection.execute(sql, parameters, prepare=True) for sql, parameters in statements]
    await pipeline.sync()
    return [await cursor.fetchall() for cursor in cursors]
