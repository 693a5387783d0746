"""Histories: each lead, contact and deal begins one here; notes and tasks stand on those they were about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, insert
from sqlmodel import col, select

from models.activity import Activity, ActivityKind, Note, Task
from models.contact import Contact
from models.deal import Deal
from models.lead import TIMELINE_IDS, Lead
from models.operations.actor import SYSTEM
from models.operations.imports.kind import Batch, ImportKind, Row
from models.operations.imports.names import CREATOR
from models.operations.imports.references import ours
from models.timeline import Owner, Timeline

NO_RECORD = "it is about no record"
# The list of each type of record that has a history, and its table.
LISTS: Mapping[str, tuple[str, type[Lead] | type[Contact] | type[Deal]]] = {
    Owner.LEAD: ("leads", Lead),
    Owner.CONTACT: ("contacts", Contact),
    Owner.DEAL: ("deals", Deal),
}


class Line(NamedTuple):
    """A record's timeline, and when the record was deleted here, if it was."""

    id: int
    deleted_at: datetime | None


def draw_timelines(batch: Batch, rows: Sequence[Row]) -> None:
    """Give each new record the id of a timeline of its own."""
    query = select(TIMELINE_IDS.next_value()).select_from(func.generate_series(1, len(rows)).alias())
    for row, number in zip(rows, batch.session.exec(query), strict=True):
        row["timeline_id"] = number


def begin_histories(batch: Batch, rows: Sequence[Row], owner: Owner) -> None:
    """Say on each timeline where the record came from. A lead's needs no row until it goes elsewhere."""
    if owner is not Owner.LEAD:
        timelines = [
            {
                "id": row["timeline_id"],
                "business_id": batch.business.id,
                "owner_type": str(owner),
                "owner_id": row["id"],
            }
            for row in rows
        ]
        batch.session.execute(insert(Timeline), timelines)
    batch.session.execute(insert(Activity), [told(batch, row, owner) for row in rows])


def told(batch: Batch, row: Row, owner: Owner) -> Row:
    return {
        "business_id": batch.business.id,
        "timeline_id": row["timeline_id"],
        "kind": str(ActivityKind.CREATED),
        "actor_type": str(SYSTEM.type),
        "actor_name": SYSTEM.name,
        "description": f"{owner.capitalize()} imported",
        "facts": {"object": str(owner), "id": row["id"]},
    }


def find_histories(batch: Batch, rows: Sequence[Row]) -> None:
    """Turn the record that each row is about into its timeline.

    Left out is what is about nothing that is there, and what is new about somebody who was deleted here.
    """
    known = ours(
        batch.session.connection(), batch.business.id, [batch.kind.name], [row["id"] for row in rows]
    )
    about: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.get("resource_id") is not None:
            about[row["resource_type"]].add(row["resource_id"])
    found = {kind: timelines(batch, kind, ids) for kind, ids in about.items() if kind in LISTS}
    for row in rows:
        place(batch, row, found, is_new=row["id"] not in known)


def place(batch: Batch, row: Row, found: Mapping[str, Mapping[int, Line]], *, is_new: bool) -> None:
    kind, number = row.pop("resource_type", None), row.pop("resource_id", None)
    line = found.get(kind or "", {}).get(number or 0)
    row["timeline_id"] = line.id if line else None
    if line and is_new and line.deleted_at is not None:
        batch.loaded.left_out[row["id"]] = f"its {kind} {number} was deleted here"
    elif not line and (number is not None or batch.kind.table is not Task):
        batch.loaded.left_out[row["id"]] = f"its {kind} {number} is not there" if number else NO_RECORD


def timelines(batch: Batch, kind: str, ids: set[int]) -> dict[int, Line]:
    """The timelines of records by their ids there."""
    name, table = LISTS[kind]
    known = ours(batch.session.connection(), batch.business.id, [name], ids)
    query = select(table.id, table.timeline_id, table.deleted_at).where(col(table.id).in_(known.values()))
    own = {number: Line(timeline, deleted) for number, timeline, deleted in batch.session.exec(query)}
    return {foreign: own[number] for foreign, number in known.items() if number in own}


def write(_: Batch, row: Row) -> None:
    row["content"] = row.get("content") or ""


NOTES = ImportKind(name="notes", table=Note, references=CREATOR, before=find_histories, complete=write)
TASKS = ImportKind(
    name="tasks",
    table=Task,
    references=CREATOR | {"owner_id": ("users",)},
    before=find_histories,
    complete=write,
)
