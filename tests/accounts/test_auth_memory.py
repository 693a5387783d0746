"""What a web process remembers of who speaks, while the database answers and while it does not."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from intake.auth import Unauthenticated, Unavailable
from models.database import transaction
from models.operations.identify import Speaker
from models.operations.tokens import revoke
from tests.accounts.speakers import Clock, T, accounts, statements

Elsewhere = Callable[[str], AbstractContextManager[None]]


def test_it_believes_a_token_for_a_minute_and_no_longer(token: str) -> None:
    clock = Clock()

    async def scenario() -> None:
        known = accounts(clock)
        speaker = await known.speaker(token)
        with transaction() as session:
            revoke(session, speaker.token_id)
        clock.now += 59.0
        assert await known.speaker(token) == speaker
        clock.now += 1.0
        with pytest.raises(Unauthenticated):
            await known.speaker(token)

    asyncio.run(scenario())


def test_it_asks_once_for_all_who_wait_and_not_again(token: str) -> None:
    async def crowd() -> None:
        known = accounts()
        assert len(set(await asyncio.gather(*(known.speaker(token) for _ in range(50))))) == 1
        await known.speaker(token)

    with statements() as seen:
        asyncio.run(crowd())

    assert sum("FROM token" in statement for statement in seen) == 1


def test_it_remembers_strangers_too(database: str) -> None:
    async def knocks() -> None:
        known = accounts()
        for _ in range(5):
            with pytest.raises(Unauthenticated):
                await known.speaker(T)

    with statements() as seen:
        asyncio.run(knocks())

    assert sum("FROM token" in statement for statement in seen) == 1


def test_it_answers_the_others_when_one_caller_gives_up(token: str) -> None:
    async def scenario() -> Speaker:
        known = accounts()
        first = asyncio.create_task(known.speaker(token))
        second = asyncio.create_task(known.speaker(token))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(scenario()).live


def test_it_believes_a_known_token_while_the_database_is_down(token: str, elsewhere: Elsewhere) -> None:
    clock = Clock()

    async def scenario() -> None:
        known = accounts(clock, database_budget_seconds=30.0)
        speaker = await known.speaker(token)
        with elsewhere(closed_port()):
            clock.now += 14 * 60
            assert await known.speaker(token) == speaker
            with pytest.raises(Unavailable):
                await known.speaker(T)
            clock.now += 2 * 60
            with pytest.raises(Unavailable):
                await known.speaker(token)
        assert await known.speaker(token) == speaker

    asyncio.run(scenario())


def test_it_does_not_wait_for_a_database_that_hangs(database: str, elsewhere: Elsewhere) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"postgresql://postgres@127.0.0.1:{deaf.getsockname()[1]}/x"
        with elsewhere(url), pytest.raises(Unavailable, match="in time"):
            asyncio.run(accounts(database_budget_seconds=0.1).speaker(T))


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"postgresql://postgres@127.0.0.1:{port}/x"
