"""Identify: who speaks by a token, and which business a reference means."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from sqlalchemy import exists, func, or_
from sqlmodel import Session, col, select

from models.business import OWNER_FIRST, Business, OwnerChannel, Token, User
from models.errors import UnknownBusiness
from models.operations.listeners import Listener, listeners_of

SHAPE = re.compile(r"tg_(?:live|test)_[0-9A-Za-z]{56}")
PREFIX_LENGTH = 20
LIVE = "tg_live_"
LONGEST_REFERENCE = 200

# Compared with where a prefix is unknown, so that the time of a refusal tells nothing. No token has
# this digest: it is no output of SHA-256 that anybody knows an input of.
NO_DIGEST = bytes(32)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A business as the doors need it: `owner_id` is its first user, `owner_channels` are ids.

    `listeners` are the subscriptions to its events.
    """

    id: int
    uid: str
    nickname: str
    external_id: str | None
    directory_id: int | None
    country: str
    timezone: str
    owner_id: int | None
    owner_channels: tuple[int, ...]
    listeners: tuple[Listener, ...] = ()

    def is_called(self, reference: str) -> bool:
        return reference in (self.uid, self.nickname, self.external_id)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever holds a token; `live` is false for one made for trials.

    Either `tenant` or `directory_id` is set: a directory names its business anew in each request.
    """

    token_id: int
    kind: str
    user_id: int | None
    scopes: frozenset[str]
    tenant: Tenant | None
    directory_id: int | None
    live: bool


def is_token(text: str) -> bool:
    """Whether a text has the form of a token, which costs no look at the database."""
    return SHAPE.fullmatch(text) is not None


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def identify(session: Session, token: str) -> Speaker | None:
    """Tell who holds a token; None where it is malformed, unknown, revoked or expired."""
    if not is_token(token):
        return None
    known = _by_prefix(session, token[:PREFIX_LENGTH])
    # An unknown prefix costs the same comparison as a known one.
    matches = hmac.compare_digest(known.digest if known else NO_DIGEST, digest_of(token))
    if known is None or not matches:
        return None
    return Speaker(
        token_id=known.id,
        kind=known.kind,
        user_id=known.user_id,
        scopes=frozenset(known.scopes),
        tenant=_token_tenant(session, known),
        directory_id=known.directory_id,
        live=token.startswith(LIVE),
    )


def find_business(session: Session, reference: str) -> Business:
    """The business with this uid, nickname or external id, in this order. Raises `UnknownBusiness`."""
    business = _by_reference(session, reference)
    if business is None:
        raise UnknownBusiness("no business has this uid, nickname or external id", "business")
    return business


def find_tenant(session: Session, reference: str) -> Tenant | None:
    """The tenant with this uid, nickname or external id, in this order."""
    business = _by_reference(session, reference)
    return None if business is None else tenant_of(session, business)


def _by_prefix(session: Session, prefix: str) -> Token | None:
    """The token that may be used now, by the database's clock: other machines' clocks differ."""
    ends = col(Token.expires_at)
    gone = select(User.id).where(col(User.id) == col(Token.user_id), col(User.active).is_(False))
    statement = select(Token).where(
        ~exists(gone),
        col(Token.prefix) == prefix,
        col(Token.revoked_at).is_(None),
        or_(ends.is_(None), ends > func.clock_timestamp()),
    )
    return session.exec(statement).first()


def _by_reference(session: Session, reference: str) -> Business | None:
    # PostgreSQL takes neither NUL nor half a surrogate pair, and no reference of ours holds them.
    if not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        return None
    uid, nickname = col(Business.uid) == reference, col(Business.nickname) == reference
    statement = (
        select(Business)
        .where(or_(uid, nickname, col(Business.external_id) == reference))
        .order_by(uid.desc(), nickname.desc())
        .limit(1)
    )
    return session.exec(statement).first()


def _token_tenant(session: Session, token: Token) -> Tenant | None:
    if token.business_id is None:
        return None
    return tenant_of(session, session.get_one(Business, token.business_id))


def tenant_of(session: Session, business: Business) -> Tenant:
    """A business as the doors and the workers need it."""
    channels = select(OwnerChannel.id).where(col(OwnerChannel.business_id) == business.id)
    ids = session.exec(channels.order_by(col(OwnerChannel.id))).all()
    users = select(User.id).where(col(User.business_id) == business.id).order_by(*OWNER_FIRST)
    return Tenant(
        id=business.id,
        uid=business.uid,
        nickname=business.nickname,
        external_id=business.external_id,
        directory_id=business.directory_id,
        country=business.country,
        timezone=business.timezone,
        owner_id=session.exec(users.limit(1)).first(),
        owner_channels=tuple(ids),
        listeners=listeners_of(session, business.id),
    )
