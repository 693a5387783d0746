"""Histories: each lead, contact and deal begins one here; notes and tasks stand on those they were about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, insert
from sqlmodel import select

from models.activity import Activity, ActivityKind, Note, Task
from models.contact import Contact
from models.deal import Deal
from models.delivery import ERASED
from models.lead import TIMELINE_IDS, Lead
from models.operations.actor import SYSTEM
from models.operations.imports.kind import Batch, ImportKind, Row
from models.operations.imports.names import CREATOR
from models.operations.imports.references import ours
from models.timeline import Owner, Timeline

LINES = "SELECT id, timeline_id, deleted_at IS NOT NULL FROM {table} WHERE id = ANY(%s)"
# What a person who was erased had bought stays in the books, under another name.
LINES_OF_DEALS = f"""
    SELECT d.id, d.timeline_id, d.deleted_at IS NOT NULL OR (d.name = '{ERASED}' AND c.deleted_at IS NOT NULL)
    FROM deal d JOIN contact c ON c.id = d.contact_id WHERE d.id = ANY(%s)
"""  # noqa: S608 - a word of our own
NO_RECORD = "it is about no record"
# The list of each type of record that has a history, and its table.
LISTS: Mapping[str, tuple[str, type[Lead] | type[Contact] | type[Deal]]] = {
    Owner.LEAD: ("leads", Lead),
    Owner.CONTACT: ("contacts", Contact),
    Owner.DEAL: ("deals", Deal),
}


class Line(NamedTuple):
    """A record's timeline, and whether nothing new is written of it, since it was deleted or erased here."""

    id: int
    is_closed: bool


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
    about: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.get("resource_id") is not None:
            about[row.get("resource_type") or ""].add(row["resource_id"])
    found = {kind: timelines(batch, kind, ids) for kind, ids in about.items() if kind in LISTS}
    for row in rows:
        place(batch, row, found)


def place(batch: Batch, row: Row, found: Mapping[str, Mapping[int, Line]]) -> None:
    kind, number = row.pop("resource_type", None), row.pop("resource_id", None)
    line = found.get(kind or "", {}).get(number or 0)
    row["timeline_id"] = line.id if line else None
    if line and line.is_closed and row["id"] not in batch.known:
        batch.leave_out(row, f"its {kind} {number} was deleted here")
    elif not line and (number is not None or batch.kind.table is not Task):
        batch.leave_out(row, f"its {kind} {number} is not there" if number else NO_RECORD)


def timelines(batch: Batch, kind: str, ids: set[int]) -> dict[int, Line]:
    """The timelines of records by their ids there."""
    name, table = LISTS[kind]
    connection = batch.session.connection()
    known = ours(connection, batch.business.id, [name], ids)
    query = LINES_OF_DEALS if table is Deal else LINES.format(table=table.__tablename__)
    rows = connection.exec_driver_sql(query, (list(known.values()),))
    own = {number: Line(timeline, is_closed) for number, timeline, is_closed in rows}
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
