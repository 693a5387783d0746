"""Notes and tasks, as records that staff write: each stands on the timeline of what it is about."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from models.activity import Note, Task
from models.database import now
from models.errors import Invalid, Missing
from models.lead import Lead
from models.operations.history import owner_of, timeline_of
from models.operations.records.kind import Draft, Kind, Row
from models.operations.records.staff import USERS
from models.timeline import Owner


def place_note(draft: Draft) -> None:
    """Raises `Invalid` where there is no such record, `Missing` where none is named."""
    _place(draft)
    if draft.new and "timeline_id" not in draft.values:
        raise Missing("resource_type and resource_id name what a note is about", "resource_id")


def settle_task(draft: Draft) -> None:
    _place(draft)
    if draft.new:
        draft.values.setdefault("owner_id", draft.actor.user_id)
    if draft.changes("completed"):
        draft.values["completed_at"] = now(draft.session) if draft.values["completed"] else None


def _place(draft: Draft) -> None:
    """Turn the record that is named into its timeline; one that is named as before stays where it is."""
    if not draft.values.keys() & {"resource_type", "resource_id"}:
        return
    was = _resource(draft)
    named = {column: draft.values.pop(column, was[column]) for column in was}
    if named == was and not draft.new:
        return
    resource_type, resource_id = named["resource_type"], named["resource_id"]
    if resource_type is None and resource_id is None and draft.kind.table is Task:
        draft.values["timeline_id"] = None
        return
    if resource_type is None or resource_id is None:
        missing = "resource_type" if resource_type is None else "resource_id"
        raise Missing("resource_type and resource_id go together", missing)
    timeline_id = _living_timeline(draft, resource_type, resource_id)
    if timeline_id is None:
        raise Invalid("resource_id names nothing that exists", "resource_id")
    draft.values["timeline_id"] = timeline_id


def _living_timeline(draft: Draft, resource_type: str, resource_id: int) -> int | None:
    """A lead that was converted or deleted takes no more notes; what it became does."""
    if resource_type == Owner.LEAD:
        ended = select(Lead.id).where(
            Lead.id == resource_id,
            col(Lead.converted_at).is_not(None) | col(Lead.deleted_at).is_not(None),
        )
        if draft.session.exec(ended).first() is not None:
            return None
    return timeline_of(draft.session, draft.business_id, Owner(resource_type), resource_id)


def _resource(draft: Draft) -> Row:
    """What the note or the task is about until now."""
    if draft.new:
        return {"resource_type": None, "resource_id": None}
    return resources_of(draft.session, [draft.record])[0]


def resources_of(session: Session, records: Sequence[Any]) -> list[Row]:
    """Whose history each record stands in now; a floating task stands in none."""
    timelines = [record.timeline_id for record in records if record.timeline_id is not None]
    owners = owner_of(session, timelines) if timelines else {}
    return [_named(owners.get(record.timeline_id)) for record in records]


def _named(owner: tuple[Owner, int] | None) -> Row:
    owner_type, owner_id = owner if owner is not None else (None, None)
    return {"resource_type": owner_type, "resource_id": owner_id}


NOTES = Kind(name="note", table=Note, ended=("deleted_at",), settle=place_note, beside=resources_of)
TASKS = Kind(
    name="task",
    table=Task,
    ended=("deleted_at",),
    references={"owner_id": (USERS,)},
    settle=settle_task,
    beside=resources_of,
)
