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
from models.operations.imports.kind import Batch, ImportKind, Loaded, Row
from models.operations.imports.references import Noted, named, noted, resolved
from models.operations.imports.room import placed

NEVER = datetime.min.replace(tzinfo=UTC)
ENDED = ("deleted_at", "erased_at", "converted_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadRecords:
    """`rows` hold columns, read and of their types, with the ids of the other system."""

    kind: ImportKind
    business_id: int
    rows: Sequence[Row]


def load_records(session: Session, command: LoadRecords) -> Loaded:
    """Take a piece over; saying it again changes nothing."""
    batch = Batch(session, command.kind, session.get_one(Business, command.business_id))
    rows = list({row["id"]: dict(row) for row in command.rows}.values())
    command.kind.before(batch, rows)
    rows = named(batch, resolved(batch, rows))
    known = noted(session.connection(), command.business_id, [command.kind.name], [row["id"] for row in rows])
    add(batch, [row for row in rows if row["id"] not in known])
    _change(batch, [(row, known[row["id"]]) for row in rows if row["id"] in known])
    return batch.loaded


def add(batch: Batch, rows: Sequence[Row]) -> None:
    """Take over what was not before, and note under which id."""
    rows = [row for row in rows if row["id"] not in batch.loaded.left_out]
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
    newer = [(row, note) for row, note in known if _told(row) > note.told_at]
    batch.loaded.same += len(known) - len(newer)
    untouched = _untouched(batch, [note for _, note in newer])
    following = [(row, note) for row, note in newer if note.record_id in untouched]
    batch.loaded.kept += len(newer) - len(following)
    if following:
        _follow(batch, following)
    batch.loaded.changed += len(following)


def _follow(batch: Batch, following: Sequence[tuple[Row, Noted]]) -> None:
    key = {"business_id": batch.business.id, "kind": batch.kind.name}
    notes = [key | {"foreign_id": row["id"], "told_at": _told(row)} for row, _ in following]
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
    here = dict(batch.session.execute(query.with_for_update(key_share=True)).all())
    return {note.record_id for note in notes if here.get(note.record_id) == note.told_at}
