"""/v2/notes and /v2/tasks: what is told of a lead, a contact or a deal, and what is to be done."""

from collections.abc import Sequence
from datetime import UTC, datetime

from intake.dialects.sell.attributes import (
    BORN,
    CREATOR,
    ID,
    LONG,
    Attribute,
    Row,
    choice,
    computed,
    flag,
    moment,
    read_only_moment,
    reference,
    tags,
    text,
)
from intake.dialects.sell.query import a_flag, a_number, by_flag, by_ids, by_number
from intake.dialects.sell.refusals import bad_parameter
from intake.dialects.sell.resource import Filter, Resource
from models.operations.records.conditions import Condition, Match
from models.operations.records.history import NOTES, TASKS
from models.timeline import Owner

OWNERS = tuple(str(owner) for owner in Owner)


def an_owner(value: str) -> str:
    """Raises `ValueError`."""
    if value not in OWNERS:
        raise ValueError(f"must be one of {', '.join(OWNERS)}")
    return value


def is_related(value: str) -> bool:
    """Raises `ValueError`."""
    if value not in ("floating", "related"):
        raise ValueError("must be floating or related")
    return value == "related"


def on_one_timeline(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """A record's type and its id say together whose history is meant. Raises `Refused` for an id alone."""
    named = {one.match: one for one in conditions}
    number = named.get(Match.HISTORY_OF)
    if number is None:
        return tuple(conditions)
    owner = named.get(Match.HISTORY_OF_TYPE)
    if owner is None:
        raise bad_parameter("resource_id", "must come with resource_type")
    rest = [one for one in conditions if one not in (number, owner)]
    return (*rest, Condition("timeline_id", Match.HISTORY_OF, (owner.value, number.value)))


def overdue(row: Row) -> bool:
    due = row["due_date"]
    return due is not None and not row["completed"] and due < datetime.now(UTC)


RESOURCE: tuple[Attribute, ...] = (choice("resource_type", *OWNERS, nullable=True), reference("resource_id"))
BY_HISTORY = (
    by_ids(),
    *by_number("creator_id"),
    Filter(name="q", column="content", match=Match.CONTAINS, read=str),
    Filter(name="resource_type", column="timeline_id", match=Match.HISTORY_OF_TYPE, read=an_owner),
    Filter(name="resource_id", column="timeline_id", match=Match.HISTORY_OF, read=a_number),
)

notes = Resource(
    type="note",
    path="/notes",
    kind=NOTES,
    attributes=(
        ID,
        CREATOR,
        *RESOURCE,
        text("content", limit=LONG, required=True),
        flag("is_important"),
        tags(),
        choice("type", "regular", "restricted"),
        *BORN,
    ),
    filters=BY_HISTORY,
    sorts=frozenset({"id", "creator_id", "content", "created_at", "updated_at"}),
    sort="updated_at",
    refine=on_one_timeline,
)

tasks = Resource(
    type="task",
    path="/tasks",
    kind=TASKS,
    attributes=(
        ID,
        CREATOR,
        reference("owner_id", keep=True),
        *RESOURCE,
        flag("completed"),
        read_only_moment("completed_at"),
        moment("due_date"),
        computed("overdue", overdue),
        moment("remind_at"),
        text("content", limit=LONG, required=True),
        *BORN,
    ),
    filters=(
        *BY_HISTORY,
        *by_number("owner_id"),
        *by_flag("completed"),
        Filter(name="overdue", column="due_date", match=Match.OVERDUE, read=a_flag),
        Filter(name="remind", column="remind_at", match=Match.PRESENT, read=a_flag),
        Filter(name="type", column="timeline_id", match=Match.PRESENT, read=is_related),
    ),
    sorts=frozenset({"id", "content", "due_date", "completed_at", "remind_at", "created_at", "updated_at"}),
    sort="updated_at",
    refine=on_one_timeline,
)
