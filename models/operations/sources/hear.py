"""Hear: what the door needs to know of a source, looked up by the key in its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models.database import now
from models.mapping.preset import Preset, preset
from models.operations.sources.manage import options_of
from models.source import Scheme, Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A source as the door knows it; `secrets` are those that are valid now, the newest first."""

    business_id: int
    key: str = field(repr=False)
    door: str
    scheme: Scheme
    options: Mapping[str, str]
    secrets: tuple[str, ...] = field(repr=False)
    preset: Preset
    is_paused: bool
    is_deleted: bool


def hear(session: Session, key: str) -> Heard | None:
    """The source at this address; None where there never was one."""
    source = session.exec(select(Source).where(col(Source.key) == key)).first()
    if source is None:
        return None
    return Heard(
        business_id=source.business_id,
        key=key,
        door=source.door,
        scheme=Scheme(source.scheme),
        options=options_of(source),
        secrets=_secrets(session, source),
        preset=preset(source.preset),
        is_paused=source.is_paused,
        is_deleted=source.deleted_at is not None,
    )


def _secrets(session: Session, source: Source) -> tuple[str, ...]:
    """By the database's clock, as other machines' clocks differ."""
    if source.previous_until is None or source.previous_until <= now(session):
        return (source.secret,)
    return (source.secret, source.previous_secret)
