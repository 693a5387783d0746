"""ImportKind: what the import must know of one list of the other system; Batch: a piece of it under way."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

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


class Noted(NamedTuple):
    """Our id of a record; when it was last changed there, as told; whether it named what was not there."""

    record_id: int
    told_at: datetime
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """A piece of a list. `known` is what was taken over before, by its ids there.

    `barred` says of which ids there nothing new may come, and why; `partial` grows with those that name
    what is not there.
    """

    session: Session
    kind: "ImportKind"
    business: Business
    barred: Mapping[int, str] = field(default_factory=dict)
    loaded: Loaded = field(default_factory=Loaded)
    known: dict[int, Noted] = field(default_factory=dict)
    partial: set[int] = field(default_factory=set)

    def leave_out(self, row: Row, why: str) -> None:
        self.loaded.left_out[row["id"]] = why

    def staying(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that were not left out yet."""
        return [row for row in rows if row["id"] not in self.loaded.left_out]

    def of(self, kind: "ImportKind") -> "Batch":
        """The same piece of work, on records of another list."""
        return Batch(self.session, kind, self.business)


Identity = tuple[int, str, str]
Step = Callable[[Batch, Sequence[Row]], None]
Completion = Callable[[Batch, Row], None]
Follow = Callable[[Batch, Row, Row], Row]


def nothing(_: Batch, __: Sequence[Row]) -> None:
    """For a list that needs no step here."""


def complete(_: Batch, __: Row) -> None:
    """For a list whose records are complete as told."""


def nobody(_: Batch, __: Sequence[Row]) -> set[Identity]:
    """For a list whose records are no people."""
    return set()


def follows_all(_: Batch, row: Row, __: Row) -> Row:
    """For a list whose records follow in all that is told."""
    return row


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

    `references` name, for each column that points at a record, the lists in which it may stand there. A
    record without one of the columns in `required` is left out, and so is one that names in `must_exist`
    what is not there. `people` are the identities that it writes about, which are locked before all else;
    `before` leaves out what must not come. Both see the ids of the other system. `is_here` finds records
    that the business has already by their names, and gives their ids by those there. `complete` works out
    what is not told of a row, `begin` does so once, when it is new; `written` follows when all are written.
    `follow` gives what a record that stands as `here` follows of what is told of it now. These see ids of
    ours. `owner` is set where each record has a history of its own.
    """

    name: str
    table: type[SQLModel]
    fixed: Row = field(default_factory=dict)
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    must_exist: frozenset[str] = frozenset()
    keeps_ids: bool = True
    people: Callable[[Batch, Sequence[Row]], set[Identity]] = nobody
    before: Step = nothing
    is_here: Callable[[Batch, Sequence[Row]], dict[int, int]] = none_here
    begin: Completion = complete
    complete: Completion = complete
    written: Step = nothing
    follow: Follow = follows_all
    owner: Owner | None = None

    @property
    def blank(self) -> Row:
        """What each column holds of itself; nothing for a moment that must be told, and for the key."""
        return blank(self.table)

    @property
    def columns(self) -> Table:
        table: Table = self.table.__table__  # type: ignore[attr-defined]
        return table
