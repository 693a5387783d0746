"""Manage: make, find, change, rotate and delete the sources of webhooks."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session, col, or_, select

from models.business import Business
from models.database import now
from models.errors import Invalid, NotFound
from models.identifiers import new_uid
from models.job import NOTIFICATIONS
from models.lead import IdentityKind
from models.mapping.draft import check_mapping
from models.mapping.preset import preset
from models.operations.fields import plain, required
from models.operations.identify import find_business
from models.operations.sources.options import check_options, check_secret
from models.source import Scheme, Source

LONGEST_TOKEN = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateSource:
    """Make a source of a business; what is not said is as the preset has it."""

    business: str
    name: str
    preset: str
    scheme: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    notifications: Sequence[str] = ()
    identifier: str = IdentityKind.EMAIL
    is_test: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeSource:
    """Change what is not None. An empty option or expression goes back to what the preset has."""

    source: str
    name: str | None = None
    token: str | None = field(default=None, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    notifications: Sequence[str] | None = None
    identifier: str | None = None
    is_test: bool | None = None
    is_paused: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateSecret:
    """Take a new secret; the one before works for the overlap still."""

    source: str
    secret: str = field(repr=False)
    overlap: timedelta = timedelta(hours=24)


def create_source(session: Session, wanted: CreateSource) -> Source:
    """Raises `UnknownBusiness`, `Missing` or `Invalid`."""
    business = find_business(session, wanted.business)
    known = preset(wanted.preset)
    source = Source(
        business_id=business.id,
        uid=new_uid(),
        key=secrets.token_hex(20),
        name=required(wanted.name, "name"),
        preset=known.name,
        scheme=_scheme(wanted.scheme or known.scheme),
        secret=wanted.secret,
        token=_token(wanted.token),
        options=dict(wanted.options),
        mapping=dict(wanted.mapping),
        notifications=_notifications(wanted.notifications),
        identifier=_identifier(wanted.identifier),
        is_test=wanted.is_test,
    )
    check_secret(Scheme(source.scheme), source.secret)
    _check(source)
    session.add(source)
    session.flush()
    return source


def change_source(session: Session, wanted: ChangeSource) -> Source:
    """Raises `NotFound` or `Invalid`."""
    source = find_source(session, wanted.source)
    for name in ("is_test", "is_paused"):
        if getattr(wanted, name) is not None:
            setattr(source, name, getattr(wanted, name))
    if wanted.name is not None:
        source.name = required(wanted.name, "name")
    if wanted.token is not None:
        source.token = _token(wanted.token)
    if wanted.identifier is not None:
        source.identifier = _identifier(wanted.identifier)
    if wanted.notifications is not None:
        source.notifications = _notifications(wanted.notifications)
    source.options = _overlaid(source.options, wanted.options)
    source.mapping = _overlaid(source.mapping, wanted.mapping)
    source.updated_at = now(session)
    _check(source)
    return source


def rotate_secret(session: Session, wanted: RotateSecret) -> Source:
    """Raises `NotFound`, `Missing` or `Invalid`."""
    source = find_source(session, wanted.source)
    if source.scheme == Scheme.URL:
        raise Invalid("scheme url has no secret: make a new source, then delete this one", "source")
    check_secret(Scheme(source.scheme), wanted.secret)
    moment = now(session)
    source.previous_secret, source.previous_until = source.secret, moment + wanted.overlap
    source.secret, source.updated_at = wanted.secret, moment
    return source


def delete_source(session: Session, reference: str) -> Source:
    """End a source for good: its sender hears 410. What it sent stays. Raises `NotFound`."""
    source = find_source(session, reference)
    source.deleted_at = now(session)
    source.secret = source.previous_secret = source.token = ""
    return source


def find_source(session: Session, reference: str) -> Source:
    """The source with this uid or key, or the only one with this name. Raises `NotFound`."""
    same = or_(col(Source.uid) == reference, col(Source.key) == reference, col(Source.name) == reference)
    query = select(Source).where(same, col(Source.deleted_at).is_(None)).with_for_update().limit(2)
    found = session.exec(query).all() if reference.isprintable() else []
    if len(found) != 1:
        none, many = "no source has this uid, key or name", "more than one source has this name: give its uid"
        raise NotFound(many if found else none, "source")
    return found[0]


def sources_of(session: Session, business: Business) -> Sequence[Source]:
    """The sources of a business, the oldest first, without those that were deleted."""
    query = select(Source).where(col(Source.business_id) == business.id, col(Source.deleted_at).is_(None))
    return session.exec(query.order_by(col(Source.id))).all()


def options_of(source: Source) -> dict[str, str]:
    """What the scheme is told: the preset's words where it has the same scheme, and the source's own."""
    known = preset(source.preset)
    usual = known.options if known.scheme == source.scheme else {}
    return {**usual, **source.options}


def _check(source: Source) -> None:
    check_options(Scheme(source.scheme), options_of(source))
    check_mapping(source.mapping)


def _overlaid(kept: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in {**kept, **changes}.items() if value}


def _scheme(name: str) -> Scheme:
    try:
        return Scheme(name)
    except ValueError:
        message = f"scheme must be one of {', '.join(Scheme)}"
        raise Invalid(message, "scheme") from None


def _identifier(name: str) -> str:
    if name not in list(IdentityKind):
        raise Invalid("identifier must be email or unique_id", "identifier")
    return name


def _notifications(words: Sequence[str]) -> list[str]:
    if not set(words) <= NOTIFICATIONS.keys():
        message = f"notifications must be any of {', '.join(NOTIFICATIONS)}"
        raise Invalid(message, "notifications")
    return sorted(set(words))


def _token(token: str) -> str:
    return plain(token, "token", LONGEST_TOKEN)
