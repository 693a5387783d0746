"""One connection to PostgreSQL in libpq's own calls: statements that go together leave in one write.

psycopg's pipeline hands every statement to the kernel by itself, which wakes the server as often
(docs/adr/0002-capture-lane.md has the measurements). To connect, to read values and to name errors stays
psycopg's. Source: PostgreSQL's documentation, "libpq: Pipeline Mode".
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

from models.operations.capture import Rows, Statement

IS_WELL = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


class Wire:
    """A connection in pipeline mode, for one round trip at a time. It belongs to the running loop."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._socket = self._pgconn.socket
        self._loop = asyncio.get_running_loop()
        self._reader = Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._results: list[PGresult] = []
        self._landed: asyncio.Future[list[PGresult]] | None = None
        self._is_watched = True
        self._pgconn.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._read)

    @classmethod
    async def open(cls, url: str, options: str, patience: float) -> "Wire":
        """Connect; `options` are settings of the server's as libpq writes them, `patience` is in seconds."""
        limit = max(1, int(patience))
        return cls(
            await AsyncConnection.connect(url, autocommit=True, connect_timeout=limit, options=options)
        )

    @property
    def closed(self) -> bool:
        return self._connection.closed

    async def trip(self, statements: Sequence[Statement]) -> list[Rows]:
        """Run statements one after another in one round trip, and give the rows of each.

        Raises the error of the first that fails, of psycopg's classes; none runs after it. Whoever gives up
        waiting must close the wire.
        """
        for sql, _ in statements:
            if sql not in self._names:
                await self._prepare(sql)
        for sql, parameters in statements:
            self._pgconn.send_query_prepared(self._names[sql], encoded(parameters))
        return [self._rows(result) for result in await self._land()]

    def close(self) -> None:
        """Let go at once; a server that does not answer is not waited for."""
        # Not asked of psycopg, to whom a broken connection is closed while its socket is still watched.
        if self._is_watched:
            self._is_watched = False
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._pgconn.finish()

    async def _prepare(self, sql: str) -> None:
        name = b"w%d" % len(self._names)
        self._pgconn.send_prepare(name, numbered(sql))
        for result in await self._land():
            self._rows(result)
        self._names[sql] = name

    async def _land(self) -> list[PGresult]:
        self._results = []
        self._landed = self._loop.create_future()
        self._pgconn.pipeline_sync()
        self._write()
        return await self._landed

    def _write(self) -> None:
        """Hand to the kernel what it takes; the rest goes when it has room."""
        try:
            if self._pgconn.flush():
                self._loop.add_writer(self._socket, self._write)
            else:
                self._loop.remove_writer(self._socket)
        except psycopg.OperationalError as exc:
            self._break(exc)

    def _read(self) -> None:
        try:
            self._pgconn.consume_input()
            while self._landed and not self._landed.done() and not self._pgconn.is_busy():
                self._take(self._pgconn.get_result())
        except psycopg.OperationalError as exc:
            self._break(exc)

    def _break(self, exc: psycopg.OperationalError) -> None:
        self.close()
        if self._landed and not self._landed.done():
            self._landed.set_exception(exc)

    def _take(self, result: PGresult | None) -> None:
        """Nothing parts one statement's results from the next's; a sync ends them all."""
        if result is None:
            if self._pgconn.status == ConnStatus.BAD:
                message = "the connection was lost"
                raise psycopg.OperationalError(message)
        elif result.status != ExecStatus.PIPELINE_SYNC:
            self._results.append(result)
        elif self._landed:
            self._landed.set_result(self._results)

    def _rows(self, result: PGresult) -> Rows:
        if result.status not in IS_WELL:
            raise error_from_result(result)
        if not result.ntuples:
            return []
        self._reader.set_pgresult(result)
        return self._reader.load_rows(0, result.ntuples, tuple)


def numbered(sql: str) -> bytes:
    """A statement with its places numbered, as the server reads it."""
    first, *others = sql.split("%s")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(others, 1))).encode()


def encoded(parameters: Iterable[Any]) -> list[bytes]:
    """Texts, numbers and switches as PostgreSQL reads them; the statement says of which type they are."""
    return [str(value).encode() for value in parameters]
