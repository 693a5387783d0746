"""The lane's wire: statements that go together, their rows, and what is left after one fails."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg
import pytest
from psycopg.errors import AdminShutdown, DivisionByZero, UniqueViolation

from intake.wire import Wire
from models.settings import settings

T = TypeVar("T")

GENEROUS = 60.0
PLENTY = 20_000_000


def over(work: Callable[[Wire], Awaitable[T]]) -> T:
    async def run() -> T:
        wire = await Wire.open(settings().psycopg_url, "-c statement_timeout=30s", GENEROUS)
        try:
            return await work(wire)
        finally:
            wire.close()

    return asyncio.run(asyncio.wait_for(run(), GENEROUS))


async def closed(wire: Wire) -> bool:
    while not wire.closed:  # noqa: ASYNC110 - nobody tells; it is polled, as the lane does before each flight
        await asyncio.sleep(0.01)
    return True


@pytest.mark.usefixtures("own_database")
class TestWire:
    def test_it_works(self) -> None:
        async def work(wire: Wire) -> list[object]:
            return [*await wire.trip([("SELECT %s::int + %s, %s", (1, 2, "three")), ("SELECT", ())])]

        assert over(work) == [[(3, "three")], [()]]

    def test_it_gives_values_of_their_own_types(self) -> None:
        async def work(wire: Wire) -> object:
            [rows] = await wire.trip(
                [("""SELECT true, NULL::text, '{a,"b c"}'::text[], '{"k": [1]}'::jsonb""", ())]
            )
            return rows[0]

        assert over(work) == (True, None, ["a", "b c"], {"k": [1]})

    def test_nothing_runs_after_a_statement_that_failed(self) -> None:
        async def work(wire: Wire) -> object:
            await wire.trip([("CREATE TEMP TABLE t (n int UNIQUE)", ())])
            with pytest.raises(DivisionByZero):
                await wire.trip([("SELECT 1 / %s::int", (0,)), ("INSERT INTO t VALUES (%s)", (1,))])
            return await wire.trip([("SELECT count(*) FROM t", ())])

        assert over(work) == [[(0,)]]

    def test_a_failed_commit_leaves_it_usable(self) -> None:
        async def work(wire: Wire) -> object:
            await wire.trip([("CREATE TEMP TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)", ())])
            twice = [("INSERT INTO t VALUES (%s)", (1,))] * 2
            with pytest.raises(UniqueViolation):
                await wire.trip([("BEGIN", ()), *twice, ("COMMIT", ())])
            return await wire.trip([("SELECT count(*) FROM t", ())])

        assert over(work) == [[(0,)]]

    def test_a_statement_that_cannot_be_read_does_not_spoil_the_next(self) -> None:
        async def work(wire: Wire) -> object:
            for _ in range(2):
                with pytest.raises(psycopg.errors.SyntaxError):
                    await wire.trip([("SELEKT %s", (1,))])
            return await wire.trip([("SELECT 1", ())])

        assert over(work) == [[(1,)]]

    def test_it_sends_and_reads_more_than_the_kernel_takes_at_once(self) -> None:
        """The server answers while it is still being written to: neither may wait for the other."""

        async def work(wire: Wire) -> list[int]:
            texts = ["x" * PLENTY, "y" * PLENTY]
            answers = await wire.trip([("SELECT %s::text", (text,)) for text in texts])
            return [len(rows[0][0]) for rows in answers]

        assert over(work) == [PLENTY, PLENTY]

    def test_it_is_closed_when_the_server_ends_it(self) -> None:
        async def work(wire: Wire) -> bool:
            with pytest.raises((AdminShutdown, psycopg.OperationalError)):
                await wire.trip([("SELECT pg_terminate_backend(pg_backend_pid())", ()), ("SELECT 1", ())])
            return await closed(wire)

        assert over(work)

    def test_it_notices_while_it_is_idle(self) -> None:
        async def work(wire: Wire) -> bool:
            [[(backend,)]] = await wire.trip([("SELECT pg_backend_pid()", ())])
            with psycopg.connect(settings().psycopg_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (backend,))
            return await closed(wire)

        assert over(work)
