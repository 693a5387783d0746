"""Kind: what the record operations must know of a table beyond its columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel

from models.operations.actor import Actor

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A record about to be written: `record` as it stands, `values` as it shall be; a new one has no id."""

    session: Session
    kind: "Kind"
    business_id: int
    actor: Actor
    record: Any
    values: Row
    new: bool

    def will_be(self, column: str) -> Any:  # noqa: ANN401 - a column of any type
        """The value of a column once the draft is written."""
        return self.values[column] if column in self.values else getattr(self.record, column)

    def changes(self, column: str) -> bool:
        if column not in self.values:
            return False
        return self.new or not same(getattr(self.record, column), self.values[column])


def same(kept: Any, sent: Any) -> bool:  # noqa: ANN401 - the values of any column
    """A caller who reads moments in whole seconds and sends one back has changed nothing."""
    if isinstance(kept, datetime) and isinstance(sent, datetime) and not sent.microsecond:
        kept = kept.replace(microsecond=0)
    return bool(kept == sent)


Step = Callable[[Draft], None]


def nothing(_: Draft) -> None:
    """For a kind that needs no step here."""


def no_guard(_: Session, __: int, ___: int | None, ____: Row) -> None:
    """For a kind whose rows need no lock but their own."""


def nothing_beside(_: Session, __: Sequence[Any]) -> list[Row]:
    return []


def as_kept(record: Any, column: str) -> Row:  # noqa: ANN401 - a record of any table
    return getattr(record, column) or {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A table's records. `fixed` narrows a table that holds several kinds of record.

    `ended` are the columns that say when a record was deleted or became another; `references` name the
    tables, of the same business, that a column points at. `guard` takes locks that come before the
    row's; `settle` completes or refuses the values; `born` and `written` follow the write; `removed`
    follows a deletion; `beside` reads what is told of records and stands elsewhere; `document` is what
    a column of documents holds, to which the keys that are sent are added.
    """

    name: str
    table: type[SQLModel]
    fixed: Row = field(default_factory=dict)
    ended: tuple[str, ...] = ()
    references: Mapping[str, tuple["Kind", ...]] = field(default_factory=dict)
    guard: Callable[[Session, int, int | None, Row], None] = no_guard
    settle: Step = nothing
    born: Step = nothing
    written: Step = nothing
    removed: Step = nothing
    beside: Callable[[Session, Sequence[Any]], list[Row]] = nothing_beside
    document: Callable[[Any, str], Row] = as_kept
