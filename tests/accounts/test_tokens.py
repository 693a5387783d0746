"""Tokens, seen from the operations: who is told to be whom, and for how long."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from models.business import Business, Directory, Token, TokenKind
from models.database import transaction
from models.errors import Invalid, NotFound
from models.operations.directories import add_business, found_directory
from models.operations.identify import Speaker, find_tenant, identify
from models.operations.owner_channels import add_channel
from models.operations.staff import Hire, hire
from models.operations.tokens import ORDINARY, Scope, issue, listed, revoke, rotate

Founding = Callable[..., Business]

DAY = timedelta(days=1)


def speaker_of(token: str) -> Speaker | None:
    with transaction() as session:
        return identify(session, token)


def id_of(token: str) -> int:
    speaker = speaker_of(token)
    assert speaker is not None
    return speaker.token_id


def issued(
    business: Business,
    kind: TokenKind = TokenKind.APP,
    *,
    expires_at: datetime | None = None,
    live: bool = True,
) -> str:
    with transaction() as session:
        return issue(session, business=business, kind=kind, expires_at=expires_at, live=live)


def test_it_works(business: Business, token: str) -> None:
    speaker = speaker_of(token)

    assert re.fullmatch(r"tg_live_[0-9A-Za-z]{56}", token)
    assert speaker is not None
    assert speaker.tenant is not None
    assert (speaker.tenant.id, speaker.tenant.nickname) == (business.id, business.nickname)
    assert (speaker.kind, speaker.directory_id, speaker.live) == ("staff", None, True)
    assert speaker.scopes == frozenset({"leads:write", "leads:read", "convert", "notify"})


def test_it_keeps_no_token(business: Business, token: str) -> None:
    with transaction() as session:
        kept = session.exec(select(Token).where(col(Token.business_id) == business.id)).one()

    assert kept.prefix == token[:20]
    assert token[20:] not in repr(kept)
    assert len(kept.digest) == 32


@pytest.mark.parametrize("index", [8, 19, 20, -1])
def test_it_refuses_a_token_with_one_wrong_character(token: str, index: int) -> None:
    wrong = list(token)
    wrong[index] = "a" if wrong[index] != "a" else "b"

    assert speaker_of("".join(wrong)) is None


@pytest.mark.parametrize(
    "shape",
    [
        "",
        "tg_live_",
        "tg_live_" + "a" * 55,
        "tg_live_" + "a" * 57,
        "tg_dead_" + "a" * 56,
        "tg_live_" + "é" * 56,
    ],
)
def test_it_refuses_malformed_tokens(database: str, shape: str) -> None:
    assert speaker_of(shape) is None
    assert speaker_of(shape + "\n") is None


def test_it_refuses_the_other_mode(token: str) -> None:
    assert speaker_of(token.replace("tg_live_", "tg_test_")) is None


def test_it_tells_trial_tokens(business: Business) -> None:
    token = issued(business, live=False)
    speaker = speaker_of(token)

    assert token.startswith("tg_test_")
    assert speaker is not None
    assert speaker.live is False


def test_it_refuses_revoked_tokens_for_good(token: str) -> None:
    token_id = id_of(token)
    for _ in range(2):
        with transaction() as session:
            revoke(session, token_id)

    assert speaker_of(token) is None
    with pytest.raises(Invalid), transaction() as session:
        rotate(session, token_id)


def test_it_refuses_expired_tokens(business: Business) -> None:
    now = datetime.now(UTC)

    assert speaker_of(issued(business, expires_at=now - DAY)) is None
    assert speaker_of(issued(business, expires_at=now + DAY)) is not None


def test_it_lets_a_rotated_token_work_for_the_overlap(business: Business, token: str) -> None:
    old = speaker_of(token)
    assert old is not None
    with transaction() as session:
        new = rotate(session, old.token_id)
    follower = speaker_of(new)
    assert follower is not None
    assert speaker_of(token) is not None
    assert (follower.scopes, follower.user_id, follower.tenant) == (old.scopes, old.user_id, old.tenant)
    with transaction() as session:
        first, second = listed(session, business)
    assert first.expires_at is not None
    assert second.expires_at is None
    assert timedelta(hours=23) < first.expires_at - second.created_at < timedelta(hours=25)


def test_it_ends_a_rotated_token_with_the_overlap(token: str) -> None:
    with transaction() as session:
        new = rotate(session, id_of(token), timedelta(0))

    assert speaker_of(token) is None
    assert speaker_of(new) is not None


def test_it_gives_the_follower_as_long_a_life(business: Business) -> None:
    token = issued(business, expires_at=datetime.now(UTC) + 10 * DAY)
    with transaction() as session:
        rotate(session, id_of(token))
        first, second = listed(session, business)

    assert first.expires_at is not None
    assert second.expires_at is not None
    assert first.expires_at - first.created_at < 2 * DAY
    assert 9 * DAY < second.expires_at - second.created_at < 11 * DAY


def test_it_ends_a_session_after_twelve_hours(business: Business) -> None:
    issued(business, TokenKind.SESSION)
    with transaction() as session:
        (kept,) = listed(session, business)

    assert kept.expires_at is not None
    assert timedelta(hours=11) < kept.expires_at - kept.created_at < timedelta(hours=13)


def test_it_lets_a_staff_token_speak_for_the_owner_unless_told_otherwise(business: Business) -> None:
    with transaction() as session:
        ada = hire(session, Hire(business=business.uid, username="ada"))
        by_owner = issue(session, business=business, kind=TokenKind.STAFF)
        by_ada = issue(session, business=business, kind=TokenKind.STAFF, user=ada)
    owner, other = speaker_of(by_owner), speaker_of(by_ada)

    assert owner is not None
    assert other is not None
    assert other.user_id == ada.id
    assert owner.user_id not in (None, ada.id)


def test_it_gives_scopes_by_name(business: Business) -> None:
    with transaction() as session:
        token = issue(session, business=business, kind=TokenKind.APP, scopes=[Scope.ADMIN, "leads:read"])
    speaker = speaker_of(token)

    assert speaker is not None
    assert speaker.scopes == {"admin", "leads:read"}
    assert Scope.ADMIN not in ORDINARY


def test_it_refuses_what_no_token_may_be(business: Business, found: Founding) -> None:
    stranger = found()
    with transaction() as session:
        foreign = hire(session, Hire(business=stranger.uid, username="eve"))
        directory = Directory(uid="x", name="x", id=1)
        with pytest.raises(Invalid, match="scope"):
            issue(session, business=business, kind=TokenKind.APP, scopes=["leads:burn"])
        with pytest.raises(Invalid, match="user"):
            issue(session, business=business, kind=TokenKind.STAFF, user=foreign)
        with pytest.raises(Invalid, match="directory"):
            issue(session, business=business, kind=TokenKind.DIRECTORY)
        with pytest.raises(Invalid, match="one business or of one directory"):
            issue(session, business=business, directory=directory, kind=TokenKind.DIRECTORY)
        with pytest.raises(Invalid, match="directory"):
            issue(session, directory=directory, kind=TokenKind.STAFF)
        with pytest.raises(NotFound):
            revoke(session, 0)


def test_it_makes_a_directory_token_of_no_business(business: Business) -> None:
    with transaction() as session:
        directory = found_directory(session, f"Partner {business.uid}")
        token = issue(session, directory=directory, kind=TokenKind.DIRECTORY)
    speaker = speaker_of(token)

    assert speaker is not None
    assert (speaker.tenant, speaker.directory_id, speaker.user_id) == (None, directory.id, None)


def test_it_finds_a_tenant_by_each_of_its_names(database: str, found: Founding) -> None:
    business = found(external_id="crm 4711")
    with transaction() as session:
        names = (business.uid, business.nickname, "crm 4711")
        known = [find_tenant(session, name) for name in names]
        unknown = [find_tenant(session, name) for name in ("", "nobody", "a\0b", "\ud800", "x" * 5000)]

    assert [tenant and tenant.id for tenant in known] == [business.id] * 3
    assert unknown == [None] * 5


def test_it_tells_the_tenants_directory_and_channels(business: Business) -> None:
    with transaction() as session:
        directory = found_directory(session, f"Partner {business.uid}")
        add_business(session, directory, business)
        channels = [
            add_channel(session, business, "json://localhost/a"),
            add_channel(session, business, "json://b/"),
        ]
    with transaction() as session:
        tenant = find_tenant(session, business.uid)

    assert tenant is not None
    assert tenant.directory_id == directory.id
    assert tenant.owner_channels == tuple(channel.id for channel in channels)
