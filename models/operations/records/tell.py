"""Tell: what was done to a record becomes a line on its timeline, with the values before and after.

What was done to a lead is an event for those who subscribed, too.
"""

import json
from typing import Any

from models.activity import ActivityKind
from models.operations.emit import emit
from models.operations.records.kind import Draft
from models.subscription import EventType

# Kept beside another column, or of no interest to a reader.
UNTOLD = {"phone_e164", "updated_at", "organization_id", "last_stage_change_at", "last_stage_change_by_id"}
EVENTS = {
    ("lead", ActivityKind.CREATED): EventType.LEAD_CREATED,
    ("lead", ActivityKind.UPDATED): EventType.LEAD_UPDATED,
}
NAMES = ("name", "organization_name", "email", "content")


def tell_created(draft: Draft) -> None:
    _tell(draft, ActivityKind.CREATED, f"{_noun(draft)} created", new=_name(draft.record))
    _emit(draft, ActivityKind.CREATED)


def tell_changed(draft: Draft, before: dict[str, Any]) -> None:
    """One line for each column that has another value now."""
    for column, old in before.items():
        if column in UNTOLD:
            continue
        new = getattr(draft.record, column)
        words = f"{_noun(draft)} changed: {column.replace('_', ' ')}"
        _tell(draft, ActivityKind.UPDATED, words, column=column, old=_shown(old), new=_shown(new))
    _emit(draft, ActivityKind.UPDATED)


def tell_deleted(draft: Draft) -> None:
    _tell(draft, ActivityKind.DELETED, f"{_noun(draft)} deleted", old=_name(draft.record))


def _tell(  # noqa: PLR0913 - the columns of an activity
    draft: Draft, kind: ActivityKind, words: str, *, column: str = "", old: str = "", new: str = ""
) -> None:
    timeline_id = getattr(draft.record, "timeline_id", None)
    if timeline_id is None:
        return
    facts = {"object": draft.kind.name, "id": draft.record.id} | ({"field": column} if column else {})
    activity = draft.actor.did(
        business_id=draft.business_id,
        timeline_id=timeline_id,
        kind=kind,
        description=words,
        facts=facts,
        old_value=old,
        new_value=new,
    )
    draft.session.add(activity)


def _emit(draft: Draft, kind: ActivityKind) -> None:
    event = EVENTS.get((draft.kind.name, kind))
    if event:
        draft.session.flush()
        emit(draft.session.connection(), draft.business_id, event, draft.record.id)


def _noun(draft: Draft) -> str:
    return draft.kind.name.capitalize()


def _name(record: Any) -> str:  # noqa: ANN401 - a record of any table
    """What people call a record."""
    person = f"{getattr(record, 'first_name', '')} {getattr(record, 'last_name', '')}".strip()
    return person or next((name for column in NAMES if (name := getattr(record, column, ""))), "")


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
