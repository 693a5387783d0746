"""References: the ids of another system become ours."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.operations.imports.kind import Batch, Row

# One look for each id: of a table that grows while it is read, the database expects a handful of rows, and
# would read all of a business's otherwise.
NOTED = """
    SELECT f.id, i.record_id, i.told_at FROM unnest(%(ids)s::bigint[]) AS f(id)
    CROSS JOIN LATERAL (
        SELECT i.record_id, i.told_at FROM imported i
        JOIN unnest(%(kinds)s::text[]) WITH ORDINALITY AS k(kind, place) ON k.kind = i.kind
        WHERE i.business_id = %(business)s AND i.foreign_id = f.id
        ORDER BY k.place LIMIT 1
    ) i
"""


class Noted(NamedTuple):
    """Our id of a record, and when it was last changed there, as told when it was last taken over."""

    record_id: int
    told_at: datetime


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


def resolved(batch: Batch, rows: Sequence[Row]) -> list[Row]:
    """The rows with our ids in their references; those that cannot do without one are left out."""
    for column, kinds in batch.kind.references.items():
        ids = {row[column] for row in rows if row.get(column) is not None}
        known = ours(batch.session.connection(), batch.business.id, kinds, ids) if ids else {}
        for row in rows:
            _resolve(batch, row, column, known)
    return [row for row in rows if row["id"] not in batch.loaded.left_out]


def named(batch: Batch, rows: Sequence[Row]) -> list[Row]:
    """The rows that have the words without which a record is none; the others are left out."""
    for column in batch.kind.required - batch.kind.references.keys():
        for row in rows:
            if not row.get(column):
                batch.loaded.left_out[row["id"]] = f"it has no {column}"
    return [row for row in rows if row["id"] not in batch.loaded.left_out]


def _resolve(batch: Batch, row: Row, column: str, known: dict[int, int]) -> None:
    foreign = row.get(column)
    row[column] = known.get(foreign) if foreign is not None else None
    if row[column] is not None:
        return
    if column in batch.kind.required:
        why = f"{column} {foreign} is not there" if foreign is not None else f"it has no {column}"
        batch.loaded.left_out[row["id"]] = why
    elif foreign is not None:
        batch.loaded.emptied[column] += 1
