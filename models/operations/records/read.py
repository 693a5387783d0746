"""List and find: the living records of a business, told as plain rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, SQLModel, select

from models.database import held
from models.errors import NotFound
from models.operations.records.conditions import Condition, Scope, clause, mine
from models.operations.records.kind import Kind, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class ListRecords:
    """One page. `sort_inside` is a key of the sorted column, where that is a document."""

    kind: Kind
    business_id: int
    conditions: tuple[Condition, ...] = ()
    sort: str = "id"
    sort_inside: str | None = None
    descending: bool = False
    limit: int = 25
    offset: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class FindRecord:
    kind: Kind
    business_id: int
    record_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page, and whether there are more after it."""

    rows: list[Row]
    more: bool


def list_records(session: Session, command: ListRecords) -> Page:
    scope = Scope(session, command.kind, command.business_id)
    query = select(command.kind.table).where(
        *mine(scope), *(clause(scope, one) for one in command.conditions)
    )
    column = scope.column(command.sort)
    if command.sort_inside is not None:
        column = column.op("->>")(command.sort_inside)
    # The id decides between equals, so that no page repeats what another showed.
    order = [column.desc(), scope.column("id").desc()] if command.descending else [column, scope.column("id")]
    records = session.exec(query.order_by(*order).offset(command.offset).limit(command.limit + 1)).all()
    return Page(told(session, command.kind, records[: command.limit]), more=len(records) > command.limit)


def find_record(session: Session, command: FindRecord) -> Row:
    """Raises `NotFound`, for another business's record too."""
    record = living(session, command.kind, command.business_id, command.record_id)
    return told(session, command.kind, [record])[0]


def living(session: Session, kind: Kind, business_id: int, record_id: int, *, lock: bool = False) -> Any:  # noqa: ANN401 - a record of the kind's table
    """The record itself, with `lock` for this transaction alone. Raises `NotFound`."""
    scope = Scope(session, kind, business_id)
    query = select(kind.table).where(*mine(scope), scope.column("id") == record_id)
    record = session.exec(held(query) if lock else query).first()
    if record is None:
        raise NotFound(f"there is no such {kind.name}", "id")
    return record


def told(session: Session, kind: Kind, records: Sequence[SQLModel]) -> list[Row]:
    """Records as plain rows, with what stands beside them."""
    rows = [record.model_dump() for record in records]
    for row, beside in zip(rows, kind.beside(session, records), strict=False):
        row.update(beside)
    return rows
