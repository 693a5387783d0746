"""Tokens: made, listed, rotated and revoked. A token is told once and kept as a digest."""

import secrets
import string
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from models.business import OWNER_FIRST, Business, Directory, Token, TokenKind, User
from models.database import now
from models.errors import Invalid, NotFound
from models.operations.identify import LIVE, PREFIX_LENGTH, digest_of

ALPHABET = string.ascii_letters + string.digits
RANDOM_LENGTH = 56
TEST = "tg_test_"
SESSION_LIFE = timedelta(hours=12)
OVERLAP = timedelta(hours=24)


class Scope(StrEnum):
    """What a token may be used for. `admin` is given by name only, never by default."""

    LEADS_WRITE = "leads:write"
    LEADS_READ = "leads:read"
    CONVERT = "convert"
    NOTIFY = "notify"
    ADMIN = "admin"


ORDINARY = tuple(scope for scope in Scope if scope is not Scope.ADMIN)


def issue(  # noqa: PLR0913 - all by name, and each a fact about the one token
    session: Session,
    *,
    business: Business | None = None,
    directory: Directory | None = None,
    kind: TokenKind,
    user: User | None = None,
    scopes: Iterable[str] = (),
    live: bool = True,
    expires_at: datetime | None = None,
) -> str:
    """Make a token for a business or, of kind directory, for a directory; the one time it is told.

    Without `scopes` it may do all but administer. A staff token speaks for a person: for the owner
    where no user is named. A session ends after 12 hours. Raises `Invalid`.
    """
    _check_holder(kind, business, directory, user)
    if kind == TokenKind.STAFF and user is None:
        user = _owner(session, business)
    if kind == TokenKind.SESSION and expires_at is None:
        expires_at = now(session) + SESSION_LIFE
    told = _drawn(live=live)
    token = Token(
        business_id=business.id if business else None,
        directory_id=directory.id if directory else None,
        user_id=user.id if user else None,
        kind=kind,
        prefix=told[:PREFIX_LENGTH],
        digest=digest_of(told),
        # A refresh token opens no door but the one where it is changed.
        scopes=[] if kind == TokenKind.REFRESH else _checked(scopes),
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    return told


def rotate(session: Session, token_id: int, overlap: timedelta = OVERLAP) -> str:
    """Make a token with the rights of another, which goes on working for the overlap and no longer.

    A token made for a limited time is followed by one for as long a time. Raises `NotFound`, and
    `Invalid` for a token that is revoked or has expired.
    """
    old, moment = _locked(session, token_id), now(session)
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= moment):
        raise Invalid("the token is revoked or has expired: create a new one", "token")
    told = _drawn(live=old.prefix.startswith(LIVE))
    new = Token(
        business_id=old.business_id,
        directory_id=old.directory_id,
        user_id=old.user_id,
        kind=old.kind,
        prefix=told[:PREFIX_LENGTH],
        digest=digest_of(told),
        scopes=list(old.scopes),
        expires_at=None if old.expires_at is None else moment + (old.expires_at - old.created_at),
    )
    old.expires_at = min(old.expires_at or moment + overlap, moment + overlap)
    session.add(new)
    session.flush()
    return told


def revoke(session: Session, token_id: int) -> None:
    """End a token now; each web process believes it for its cache's time still. Raises `NotFound`."""
    token = _locked(session, token_id)
    if token.revoked_at is None:
        token.revoked_at = now(session)


def listed(session: Session, holder: Business | Directory) -> Sequence[Token]:
    """The tokens of a business or a directory, the oldest first, ended ones too."""
    column = Token.business_id if isinstance(holder, Business) else Token.directory_id
    return session.exec(select(Token).where(col(column) == holder.id).order_by(col(Token.id))).all()


def _check_holder(
    kind: TokenKind, business: Business | None, directory: Directory | None, user: User | None
) -> None:
    if (business is None) == (directory is None):
        raise Invalid("a token is of one business or of one directory", "business")
    if (kind == TokenKind.DIRECTORY) != (directory is not None):
        raise Invalid("a token of a directory is of kind directory, and no other is", "kind")
    if user is not None and (business is None or user.business_id != business.id):
        raise Invalid("the user is not of this business", "user")


def _checked(scopes: Iterable[str]) -> list[str]:
    wanted = set(scopes) or set(ORDINARY)
    if not wanted <= set(Scope):
        message = f"scope must be one of {', '.join(Scope)}"
        raise Invalid(message, "scope")
    return [scope.value for scope in Scope if scope in wanted]


def _drawn(*, live: bool) -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return f"{LIVE if live else TEST}{drawn}"


def _owner(session: Session, business: Business | None) -> User | None:
    """The first user: a business is born with its owner."""
    if business is None:
        return None
    users = select(User).where(col(User.business_id) == business.id)
    return session.exec(users.order_by(*OWNER_FIRST).limit(1)).first()


def _locked(session: Session, token_id: int) -> Token:
    token = session.exec(select(Token).where(col(Token.id) == token_id).with_for_update()).first()
    if token is None:
        raise NotFound("no token has this id", "token")
    return token
