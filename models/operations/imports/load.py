"""Load: a piece of a list of another system becomes records of a business, whether or not it was before.

What was taken over before is known by its id there. It follows what was changed there since, unless it
was changed, deleted or erased here: nothing of ours is overwritten by accident, and nobody who was
erased comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import DateTime, insert, update
from sqlmodel import Session

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

    `barred` are ids there of which nothing new may come, and why.
    """

    kind: ImportKind
    business_id: int
    rows: Sequence[Row]
    barred: Mapping[int, str] = field(default_factory=dict)


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
    asked = [(row, note) for row, note in known if _told(row) > note.told_at or note.is_partial]
    here = _standing(batch, [note for _, note in asked])
    following, kept = [], 0
    for row, note in asked:
        stands, is_newer = here.get(note.record_id), _told(row) > note.told_at
        if stands is None:
            kept += is_newer
        elif (is_newer or _fills(batch, row, stands)) and (changes := batch.kind.follow(batch, row, stands)):
            following.append((row, note, changes))
    if following:
        _follow(batch, following)
    batch.loaded.changed += len(following)
    batch.loaded.kept += kept
    batch.loaded.same += len(known) - len(following) - kept


def _fills(batch: Batch, row: Row, stands: Row) -> bool:
    """Whether what a record named, and was not there, is there now."""
    return any(stands[name] is None and row[name] is not None for name in batch.kind.references)


def _follow(batch: Batch, following: Sequence[tuple[Row, Noted, Row]]) -> None:
    key = {"business_id": batch.business.id, "kind": batch.kind.name}
    notes = [
        key
        | {
            "foreign_id": row["id"],
            "told_at": max(_told(row), note.told_at),
            "is_partial": row["id"] in batch.partial,
        }
        for row, note, _ in following
    ]
    batch.session.execute(update(Imported), notes)
    changes = []
    for _, note, changed in following:
        changed["id"] = note.record_id
        batch.kind.complete(batch, changed)
        changes.append(_changed(batch, changed))
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


def _standing(batch: Batch, notes: Sequence[Noted]) -> dict[int, Row]:
    """Those of them that stand here as they were told the last time, locked, by our ids."""
    if not notes:
        return {}
    table = batch.kind.columns
    ended = [table.columns[name].is_(None) for name in ENDED if name in table.columns]
    query = table.select().where(table.columns["id"].in_([note.record_id for note in notes]), *ended)
    query = query.order_by(table.columns["id"]).with_for_update(key_share=True)
    told = {note.record_id: note.told_at for note in notes}
    rows = [dict(row) for row in batch.session.execute(query).mappings()]
    # A table that does not tell when has its own way to follow.
    return {row["id"]: row for row in rows if row.get("updated_at", told[row["id"]]) == told[row["id"]]}
