"""Conversions as they are listed: newest first, and the deepest page as cheap as the first."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models.conversion import Conversion, ConversionState


@dataclass(frozen=True, kw_only=True, slots=True)
class ListConversions:
    """`before` is the last id of the page before; `equal` are columns and the ids they must have."""

    business_id: int
    equal: dict[str, int] = field(default_factory=dict)
    before: int | None = None
    limit: int = 25
    offset: int = 0


def list_conversions(session: Session, command: ListConversions) -> tuple[list[Conversion], bool]:
    """A page of conversions that stand, and whether there are more after it."""
    query = select(Conversion).where(
        Conversion.business_id == command.business_id, Conversion.state != ConversionState.UNDONE
    )
    query = query.where(*(getattr(Conversion, column) == one for column, one in command.equal.items()))
    if command.before is not None:
        query = query.where(col(Conversion.id) < command.before)
    query = query.order_by(col(Conversion.id).desc()).offset(command.offset).limit(command.limit + 1)
    found = list(session.exec(query))
    return found[: command.limit], len(found) > command.limit
