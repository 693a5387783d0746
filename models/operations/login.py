"""Login: a member of staff shows a password once, and holds a pair of tokens afterwards."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from models.business import Business, Token, TokenKind, User
from models.database import now
from models.errors import Refusal
from models.operations.identify import PREFIX_LENGTH, digest_of, is_token
from models.operations.staff import find_user, named_user
from models.operations.tokens import issue
from models.passwords import hashed

REFRESH_LIFE = timedelta(days=30)


class NotLoggedIn(Refusal):
    """The password is not the user's, or the refresh token is unknown, used, revoked or expired."""

    reason = "not_logged_in"


class Inactive(Refusal):
    """The user was deactivated."""

    reason = "inactive"


@dataclass(frozen=True, kw_only=True, slots=True)
class LookUp:
    """Who is to log in."""

    business_id: int
    username: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is compared with; without a user, an empty hash."""

    user_id: int | None
    password_hash: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenLogin:
    """Open a login for a user whose password was right a moment ago, as `password_hash` says."""

    user_id: int
    password_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RefreshLogin:
    business_id: int
    token: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token for 12 hours, and a refresh token for 30 days, which opens nothing but another pair."""

    access: str
    refresh: str


def credentials_of(session: Session, command: LookUp) -> Credentials:
    user = named_user(session, command.business_id, command.username)
    return Credentials(user.id, user.password_hash) if user is not None else Credentials(None)


def open_login(session: Session, command: OpenLogin) -> Pair:
    """Raises `NotLoggedIn` where the password was changed meanwhile, and `Inactive`."""
    user = _locked(session, command.user_id)
    if user.password_hash != command.password_hash:
        raise NotLoggedIn("the password was changed", "password")
    return _pair(session, user)


def refresh_login(session: Session, command: RefreshLogin) -> Pair:
    """End a refresh token and give another pair. Raises `NotLoggedIn` or `Inactive`.

    Of several who use one token at once, one is given a pair.
    """
    token = _refresh_token(session, command)
    if token is None or token.user_id is None:
        raise NotLoggedIn("the refresh token is unknown, used or expired", "refresh")
    token.revoked_at = now(session)
    return _pair(session, _locked(session, token.user_id))


def set_password(session: Session, business: Business, username: str, password: str) -> None:
    """Give a user a password; whoever is logged in is so no more. Raises `NotFound` or `Invalid`."""
    user = find_user(session, business, username)
    user.password_hash = hashed(password)
    _end_logins(session, user)


def set_active(session: Session, business: Business, username: str, *, active: bool) -> None:
    """Let a user in again, or no more: then tokens that speak for the user are refused. Raises `NotFound`."""
    user = find_user(session, business, username)
    user.active = active
    if not active:
        _end_logins(session, user)


def _locked(session: Session, user_id: int) -> User:
    """The user, whose password nobody changes meanwhile. Raises `Inactive`."""
    query = select(User).where(User.id == user_id).with_for_update(read=True)
    user = session.exec(query.execution_options(populate_existing=True)).one()
    if not user.active:
        raise Inactive("the user was deactivated", "username")
    return user


def _refresh_token(session: Session, command: RefreshLogin) -> Token | None:
    if not is_token(command.token):
        return None
    query = select(Token).where(
        Token.business_id == command.business_id,
        Token.kind == TokenKind.REFRESH,
        Token.prefix == command.token[:PREFIX_LENGTH],
        # The database compares digests of random tokens, whose time tells nothing of one.
        Token.digest == digest_of(command.token),
        col(Token.revoked_at).is_(None),
        col(Token.expires_at) > func.clock_timestamp(),
    )
    return session.exec(query.with_for_update()).first()


def _pair(session: Session, user: User) -> Pair:
    business = session.get_one(Business, user.business_id)
    ends = now(session) + REFRESH_LIFE
    return Pair(
        access=issue(session, business=business, user=user, kind=TokenKind.SESSION),
        refresh=issue(session, business=business, user=user, kind=TokenKind.REFRESH, expires_at=ends),
    )


def _end_logins(session: Session, user: User) -> None:
    logins = (TokenKind.SESSION, TokenKind.REFRESH)
    ending = update(Token).where(
        col(Token.user_id) == user.id, col(Token.kind).in_(logins), col(Token.revoked_at).is_(None)
    )
    session.execute(ending.values(revoked_at=func.clock_timestamp()))
