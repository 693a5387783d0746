"""Who speaks, seen from a web process: headers, tenants, and what is remembered."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from litestar.datastructures import Headers
from sqlalchemy import event

from intake.auth import (
    Accounts,
    Forbidden,
    NoBusiness,
    NotYourBusiness,
    Unauthenticated,
    Unavailable,
    require,
    token_of,
)
from models.business import Business, TokenKind
from models.database import engine, transaction
from models.operations.directories import add_business, found_directory
from models.operations.identify import Speaker
from models.operations.tokens import Scope, issue, revoke
from models.settings import Settings

Founding = Callable[..., Business]
Elsewhere = Callable[[str], AbstractContextManager[None]]

T = "tg_live_" + "aB3" * 18 + "xy"


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def accounts(clock: Clock | None = None, **changes: float) -> Accounts:
    given = Settings().model_copy(update=changes)
    return Accounts(given, clock or Clock())


def headers(*values: str) -> Headers:
    return Headers([(b"authorization", value.encode("latin-1")) for value in values])


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def directory_of(*businesses: Business) -> Speaker:
    """The speaker of a directory with these businesses."""
    with transaction() as session:
        directory = found_directory(session, f"Partner {businesses[0].uid}")
        for business in businesses:
            add_business(session, directory, business)
        token = issue(session, directory=directory, kind=TokenKind.DIRECTORY)
    return asyncio.run(accounts().speaker(token))


def test_it_works(business: Business, token: str) -> None:
    async def whole() -> tuple[Speaker, int]:
        known = accounts()
        speaker = await known.speaker(token_of(headers(f"Bearer {token}")))
        return speaker, (await known.tenant(speaker, None)).id

    speaker, tenant_id = asyncio.run(whole())

    require(speaker, Scope.LEADS_WRITE)
    assert tenant_id == business.id


@pytest.mark.parametrize(
    "value",
    [
        f"Bearer {T}",
        f"bearer {T}",
        f"BEARER   {T}",
        f'Token token="{T}"',
        f'token token="{T}"',
        f"Token token={T}",
        T,
        f" {T}\t",
    ],
)
def test_it_reads_every_spelling_of_the_header(value: str) -> None:
    assert token_of(headers(value)) == T
    assert token_of(Headers([(b"AUTHORIZATION", value.encode())])) == T


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        f"Bearer{T}",
        f"Bearer {T} {T}",
        f"Bearer {T},",
        f"Basic {T}",
        f"Token {T}",
        f'Token token="{T}',
        f'Token token={T}"',
        f'Token token="{T}", option="1"',
        'Token token=""',
        f"{T} x",
        f"{T}\0",
        f"Bearer \0{T}",
        f"Bearer {T}\x7f",
        f"Bearer {T}é",
        "Bearer " + "a" * 200,
        "somebody",
    ],
)
def test_it_reads_nothing_from_other_headers(value: str) -> None:
    found = token_of(headers(value))

    assert found is None or found == f"{T},"  # A comma is a letter like another, and no token has it.


def test_it_reads_nothing_from_two_headers_or_none() -> None:
    assert token_of(headers(f"Bearer {T}", f"Bearer {T}")) is None
    assert token_of(Headers()) is None


@pytest.mark.parametrize("token", [None, "", "x", T, f"{T},", T.replace("live", "test")])
def test_it_refuses_all_strangers_alike(database: str, token: str | None) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        asyncio.run(accounts().speaker(token))

    assert str(refusal.value) == "no valid token was given"
    assert refusal.value.reason == "unauthenticated"


def test_it_never_asks_the_database_about_malformed_tokens(database: str) -> None:
    with statements() as seen, pytest.raises(Unauthenticated):
        asyncio.run(accounts().speaker("tg_live_short"))

    assert seen == []


def test_it_holds_a_token_to_its_own_business(found: Founding) -> None:
    own, other = found(external_id="an-id-of-another-system"), found()
    with transaction() as session:
        mine = issue(session, business=own, kind=TokenKind.APP)

    async def tenant(reference: str | None) -> int:
        known = accounts()
        return (await known.tenant(await known.speaker(mine), reference)).id

    for name in (None, "", own.uid, own.nickname, own.external_id):
        assert asyncio.run(tenant(name)) == own.id
    for reference in (other.uid, other.nickname, "nobody", "a\0b"):
        with pytest.raises(NotYourBusiness):
            asyncio.run(tenant(reference))


def test_it_lets_a_directory_speak_for_its_own_only(business: Business, found: Founding) -> None:
    outside = found()
    speaker = directory_of(business)
    said = set()

    assert asyncio.run(accounts().tenant(speaker, business.nickname)).id == business.id
    assert asyncio.run(accounts().tenant(speaker, business.uid)).id == business.id
    for reference in (outside.uid, outside.nickname, "nobody", "a\0b", "x" * 9999):
        with pytest.raises(NotYourBusiness) as refusal:
            asyncio.run(accounts().tenant(speaker, reference))
        said.add(str(refusal.value))
    assert len(said) == 1
    for nothing in (None, ""):
        with pytest.raises(NoBusiness):
            asyncio.run(accounts().tenant(speaker, nothing))


def test_it_sees_a_business_as_soon_as_the_directory_has_it(business: Business, found: Founding) -> None:
    late = found()
    speaker = directory_of(business)

    async def scenario() -> int:
        known = accounts()
        with pytest.raises(NotYourBusiness):
            await known.tenant(speaker, late.nickname)
        with transaction() as session:
            late.directory_id = speaker.directory_id
            session.add(late)
        return (await known.tenant(speaker, late.nickname)).id

    assert asyncio.run(scenario()) == late.id


def test_it_says_which_scope_is_lacking(business: Business, token: str) -> None:
    speaker = asyncio.run(accounts().speaker(token))

    with pytest.raises(Forbidden, match="admin"):
        require(speaker, Scope.ADMIN)


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
