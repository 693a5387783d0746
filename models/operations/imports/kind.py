"""ImportKind: what the import must know of one list of the other system; Batch: a piece of it under way."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import Table
from sqlmodel import Session, SQLModel

from models.business import Business
from models.timeline import Owner

Row = dict[str, Any]


@dataclass(slots=True)
class Loaded:
    """What became of the records of a list.

    `kept`: changed there since the last time, and changed, deleted or erased here, so it stays as it is
    here. `left_out`: the ids there of what could not be taken over, and why. `emptied`: references to
    records that are not there, by column.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    left_out: dict[int, str] = field(default_factory=dict)
    emptied: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Loaded") -> None:
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        self.kept += other.kept
        self.left_out |= other.left_out
        self.emptied += other.emptied


@dataclass(frozen=True, slots=True)
class Batch:
    session: Session
    kind: "ImportKind"
    business: Business
    loaded: Loaded = field(default_factory=Loaded)

    def of(self, kind: "ImportKind") -> "Batch":
        """The same piece of work, on records of another list."""
        return Batch(self.session, kind, self.business)


Step = Callable[[Batch, Sequence[Row]], None]
Completion = Callable[[Batch, Row], None]


def nothing(_: Batch, __: Sequence[Row]) -> None:
    """For a list that needs no step here."""


def complete(_: Batch, __: Row) -> None:
    """For a list whose records are complete as told."""


def none_here(_: Batch, __: Sequence[Row]) -> dict[int, int]:
    return {}


@lru_cache
def blank(table: type[SQLModel]) -> Row:
    """The columns of a row of which nothing is told. Shared by all rows: never change what it holds."""
    told = {name: field.get_default(call_default_factory=True) for name, field in table.model_fields.items()}
    return {name: None if value is PydanticUndefined else value for name, value in told.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportKind:
    """`name` is the list's in the other system.

    `references` name, for each column that points at a record, the lists in which it may stand there; a
    record without one of the columns in `required` is left out. Before references are looked up there is
    `before`, with the ids of the other system. `is_here` finds records that the business has already by
    their names, and gives their ids by those there. `complete` works out what is not told of a row, `begin`
    does so once, when it is new; `written` follows when all are written. These see ids of ours. `owner`
    is set where each record has a history of its own.
    """

    name: str
    table: type[SQLModel]
    fixed: Row = field(default_factory=dict)
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    before: Step = nothing
    is_here: Callable[[Batch, Sequence[Row]], dict[int, int]] = none_here
    begin: Completion = complete
    complete: Completion = complete
    written: Step = nothing
    owner: Owner | None = None

    @property
    def blank(self) -> Row:
        """What each column holds of itself; nothing for a moment that must be told, and for the key."""
        return blank(self.table)

    @property
    def columns(self) -> Table:
        table: Table = self.table.__table__  # type: ignore[attr-defined]
        return table
