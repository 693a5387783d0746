"""References: the ids of another system become ours."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlmodel import SQLModel, select

from models.label import Label
from models.operations.imports.kind import Batch, Noted, Row

T = TypeVar("T", bound=SQLModel)

# One look for each id: of a table that grows while it is read, the database expects a handful of rows, and
# would read all of a business's otherwise.
NOTED = """
    SELECT f.id, i.record_id, i.told_at, i.is_partial FROM unnest(%(ids)s::bigint[]) AS f(id)
    CROSS JOIN LATERAL (
        SELECT * FROM imported i
        JOIN unnest(%(kinds)s::text[]) WITH ORDINALITY AS k(name, place) ON k.name = i.kind
        WHERE i.business_id = %(business)s AND i.foreign_id = f.id
        ORDER BY k.place LIMIT 1
    ) i
"""


def noted(
    connection: Connection, business_id: int, kinds: Sequence[str], ids: Iterable[int]
) -> dict[int, Noted]:
    """What was taken over of these lists, by its ids there; of several lists the first that has it."""
    names = {"business": business_id, "kinds": list(kinds), "ids": sorted(set(ids))}
    return {foreign: Noted(*note) for foreign, *note in connection.exec_driver_sql(NOTED, names)}


def ours(
    connection: Connection, business_id: int, kinds: Sequence[str], ids: Iterable[int]
) -> dict[int, int]:
    """Our ids alone."""
    found = noted(connection, business_id, kinds, ids)
    return {foreign: note.record_id for foreign, note in found.items()}


def told(batch: Batch, rows: Sequence[Row]) -> list[Row]:
    """The rows that tell all without which a record is none; the others are left out."""
    for column in sorted(batch.kind.required):
        for row in rows:
            if row.get(column) in (None, ""):
                batch.leave_out(row, f"it has no {column}")
    return batch.staying(rows)


def resolved(batch: Batch, rows: Sequence[Row]) -> list[Row]:
    """The rows with our ids in their references; those that cannot do without one are left out."""
    for column, kinds in batch.kind.references.items():
        ids = {row[column] for row in rows if row.get(column) is not None}
        known = existing(batch, kinds, ids) if ids else {}
        for row in rows:
            _resolve(batch, row, column, known)
    return batch.staying(rows)


def existing(batch: Batch, kinds: Sequence[str], ids: Iterable[int]) -> dict[int, int]:
    """Our ids of what is there still: a label that was deleted here leaves no row."""
    if kinds[0].endswith(("sources", "reasons")):
        return {foreign: label.id for foreign, label in kept(batch, Label, kinds, ids).items()}
    return ours(batch.session.connection(), batch.business.id, kinds, ids)


def kept(batch: Batch, table: type[T], kinds: Sequence[str], ids: Iterable[int]) -> dict[int, T]:
    """Our rows by their ids there, those that were marked as deleted too."""
    known = ours(batch.session.connection(), batch.business.id, kinds, ids)
    key: Any = table.id  # type: ignore[attr-defined]
    rows = batch.session.exec(select(table).where(key.in_(known.values())))
    by_id = {row.id: row for row in rows}  # type: ignore[attr-defined]
    return {foreign: by_id[number] for foreign, number in known.items() if number in by_id}


def _resolve(batch: Batch, row: Row, column: str, known: dict[int, int]) -> None:
    foreign = row.get(column)
    row[column] = known.get(foreign) if foreign is not None else None
    if foreign is None or row[column] is not None:
        return
    if column in batch.kind.required | batch.kind.must_exist:
        batch.leave_out(row, f"{column} {foreign} is not there")
    else:
        batch.loaded.emptied[column] += 1
        batch.partial.add(row["id"])
