"""Who speaks and for which business, seen from a web process."""

import asyncio
from collections.abc import Callable

import pytest

from intake.auth import Forbidden, NoBusiness, NotYourBusiness, Unauthenticated, require, token_of
from models.business import Business, TokenKind
from models.database import transaction
from models.operations.directories import add_business, found_directory
from models.operations.identify import Speaker
from models.operations.tokens import Scope, issue
from tests.accounts.speakers import T, accounts, headers, statements

Founding = Callable[..., Business]


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
