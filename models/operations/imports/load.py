"""Load: a piece of a list of another system becomes records of a business, whether or not it was before.

What was taken over before is known by its id there. It follows what was changed there since, unless it
was changed, deleted or erased here: nothing of ours is overwritten by accident, and nobody who was
erased comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import DateTime, insert, update
from sqlmodel import Session, select

from models.business import Business
from models.database import now
from models.imported import Imported
from models.operations.imports.histories import begin_histories, draw_timelines
from models.operations.imports.kind import Batch, ImportKind, Loaded, Noted, Row
from models.operations.imports.references import noted, resolved, told
from models.operations.imports.room import placed
from models.operations.locks import LOCK, locks

NEVER = datetime.min.replace(tzinfo=UTC)
ENDED = ("deleted_at", "erased_at", "converted_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadRecords:
    """`rows` hold columns, read and of their types, with the ids of the other system.

    `barred` are ids there that must not be taken over.
    """

    kind: ImportKind
    business_id: int
    rows: Sequence[Row]
    barred: frozenset[int] = frozenset()


def load_records(session: Session, command: LoadRecords) -> Loaded:
    """Take a piece over; saying it again changes nothing."""
    kind = command.kind
    batch = Batch(session, kind, session.get_one(Business, command.business_id), command.barred)
    rows = told(batch, list({row["id"]: dict(row) for row in command.rows}.values()))
    ids = [row["id"] for row in rows]
    batch.known.update(noted(session.connection(), command.business_id, [kind.name], ids))
    # Before any row's, as everybody takes them.
    session.connection().exec_driver_sql(LOCK, (locks(kind.people(batch, rows)),))
    kind.before(batch, rows)
    rows = resolved(batch, batch.staying(rows))
    add(batch, [row for row in rows if row["id"] not in batch.known])
    _change(batch, [(row, batch.known[row["id"]]) for row in rows if row["id"] in batch.known])
    return batch.loaded


def add(batch: Batch, rows: Sequence[Row]) -> None:
    """Take over what was not before, and note under which id."""
    if not rows:
        return
    here = batch.kind.is_here(batch, rows)
    fresh = [row for row in rows if row["id"] not in here]
    ids = here | placed(batch, [row["id"] for row in fresh])
    _note(batch, rows, ids)
    for row in fresh:
        row["id"] = ids[row["id"]]
        batch.kind.begin(batch, row)
        batch.kind.complete(batch, row)
    if fresh:
        _insert(batch, fresh)
    batch.loaded.new += len(fresh)
    batch.loaded.same += len(here)


def _insert(batch: Batch, rows: Sequence[Row]) -> None:
    owner = batch.kind.owner
    if owner:
        draw_timelines(batch, rows)
    batch.session.execute(insert(batch.kind.table), [_values(batch, row) for row in rows])
    if owner:
        begin_histories(batch, rows, owner)
    batch.kind.written(batch, rows)


def _note(batch: Batch, rows: Sequence[Row], ids: dict[int, int]) -> None:
    moment = now(batch.session)
    notes = [
        {
            "business_id": batch.business.id,
            "kind": batch.kind.name,
            "foreign_id": row["id"],
            "record_id": ids[row["id"]],
            "is_partial": row["id"] in batch.partial,
            "told_at": row.get("updated_at") or row.get("created_at") or moment,
        }
        for row in rows
    ]
    batch.session.execute(insert(Imported), notes)


def _values(batch: Batch, row: Row) -> Row:
    """All columns of a new row; a moment that must be there and was not told is that of its birth."""
    table = batch.kind.columns
    given = {name: value for name, value in row.items() if name in table.columns}
    values = {**batch.kind.blank, "business_id": batch.business.id, **batch.kind.fixed, **given}
    for column in table.columns:
        if values[column.name] is None and not column.nullable and isinstance(column.type, DateTime):
            values[column.name] = values.get("created_at") or now(batch.session)
    return values


def _change(batch: Batch, known: Sequence[tuple[Row, Noted]]) -> None:
    """Let records follow what was changed there since, where nobody did anything to them here."""
    newer = [(row, note) for row, note in known if _is_newer(batch, row, note)]
    batch.loaded.same += len(known) - len(newer)
    untouched = _untouched(batch, [note for _, note in newer])
    following = [(row, note) for row, note in newer if note.record_id in untouched]
    batch.loaded.kept += len(newer) - len(following)
    if following:
        _follow(batch, following)
    batch.loaded.changed += len(following)


def _follow(batch: Batch, following: Sequence[tuple[Row, Noted]]) -> None:
    key = {"business_id": batch.business.id, "kind": batch.kind.name}
    notes = [
        key
        | {
            "foreign_id": row["id"],
            "told_at": max(_told(row), note.told_at),
            "is_partial": row["id"] in batch.partial,
        }
        for row, note in following
    ]
    batch.session.execute(update(Imported), notes)
    changes = []
    for row, note in following:
        row["id"] = note.record_id
        batch.kind.complete(batch, row)
        changes.append(_changed(batch, row))
    batch.session.execute(update(batch.kind.table), changes)
    batch.kind.written(batch, changes)


def _changed(batch: Batch, row: Row) -> Row:
    """The columns that are told; what must be there and is told to be nothing stays as it is."""
    columns = batch.kind.columns.columns
    return {
        name: value
        for name, value in row.items()
        if name in columns and (value is not None or columns[name].nullable)
    }


def _is_newer(batch: Batch, row: Row, note: Noted) -> bool:
    """Changed there since; or what it named and was not there is there now."""
    return _told(row) > note.told_at or (note.is_partial and row["id"] not in batch.partial)


def _told(row: Row) -> datetime:
    """When a record was last changed there; one of a list that does not tell never was."""
    return row.get("updated_at") or NEVER


def _untouched(batch: Batch, notes: Sequence[Noted]) -> set[int]:
    """Our ids of what is here as it was told the last time."""
    table = batch.kind.columns
    if not notes or "updated_at" not in table.columns:
        return set()
    ids = [note.record_id for note in notes]
    ended = [table.columns[name].is_(None) for name in ENDED if name in table.columns]
    query = select(table.columns["id"], table.columns["updated_at"]).where(
        table.columns["id"].in_(ids), *ended
    )
    query = query.order_by(table.columns["id"])
    here = dict(batch.session.execute(query.with_for_update(key_share=True)).all())
    return {note.record_id for note in notes if here.get(note.record_id) == note.told_at}
