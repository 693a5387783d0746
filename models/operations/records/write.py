"""Create, change, remove and upsert one record of a business, each told on its timeline."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from models.database import now
from models.errors import Invalid, NotFound, Refusal
from models.operations.locks import LOCK, locks
from models.operations.records.conditions import Condition, Match, Scope, clause, mine
from models.operations.records.kind import Draft, Kind, Row
from models.operations.records.read import living, told
from models.operations.records.staff import acting
from models.operations.records.tell import tell_changed, tell_created, tell_deleted


class Ambiguous(Refusal):
    """Several records match where one was meant."""

    reason = "ambiguous"


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateRecord:
    """`values` are columns, read and of their types; `user_id` is who does it, if a person does."""

    kind: Kind
    business_id: int
    user_id: int | None
    values: Row


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRecord:
    """Columns that are not named stay as they are; of a document, keys that are not named stay."""

    kind: Kind
    business_id: int
    user_id: int | None
    record_id: int
    values: Row


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveRecord:
    kind: Kind
    business_id: int
    user_id: int | None
    record_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class UpsertRecord:
    """Change the one record that meets all conditions, or create it."""

    kind: Kind
    business_id: int
    user_id: int | None
    conditions: tuple[Condition, ...]
    values: Row


def create_record(session: Session, command: CreateRecord) -> Row:
    """Raises `Missing`, `Invalid` or `Taken` naming the column."""
    kind = command.kind
    kind.guard(session, command.business_id, None, command.values)
    record: Any = kind.table(business_id=command.business_id, **kind.fixed)
    actor = acting(session, command.business_id, command.user_id)
    values = {column: _merged(kind, record, column, value) for column, value in command.values.items()}
    draft = Draft(session, kind, command.business_id, actor, record, values, new=True)
    record.creator_id = actor.user_id
    _check_references(draft)
    kind.settle(draft)
    for column, value in draft.values.items():
        setattr(record, column, value)
    session.add(record)
    session.flush()
    kind.born(draft)
    kind.written(draft)
    tell_created(draft)
    return _as_kept(draft)


def change_record(session: Session, command: ChangeRecord) -> Row:
    """Raises `NotFound`, `Missing`, `Invalid` or `Taken`."""
    kind = command.kind
    kind.guard(session, command.business_id, command.record_id, command.values)
    record = living(session, kind, command.business_id, command.record_id, lock=True)
    actor = acting(session, command.business_id, command.user_id)
    values = {column: _merged(kind, record, column, value) for column, value in command.values.items()}
    draft = Draft(session, kind, command.business_id, actor, record, values, new=False)
    _check_references(draft)
    kind.settle(draft)
    before = {column: getattr(record, column) for column in draft.values if draft.changes(column)}
    if before:
        for column in before:
            setattr(record, column, draft.values[column])
        record.updated_at = now(session)
        kind.written(draft)
        tell_changed(draft, before)
    return _as_kept(draft)


def remove_record(session: Session, command: RemoveRecord) -> None:
    """A record with a history is marked as deleted and kept; a mere name goes. Raises `NotFound`."""
    kind = command.kind
    kind.guard(session, command.business_id, command.record_id, {})
    record = living(session, kind, command.business_id, command.record_id, lock=True)
    actor = acting(session, command.business_id, command.user_id)
    draft = Draft(session, kind, command.business_id, actor, record, {}, new=False)
    kind.removed(draft)
    if "deleted_at" not in kind.ended:
        session.delete(record)
        return
    record.deleted_at = now(session)
    tell_deleted(draft)


def upsert_record(session: Session, command: UpsertRecord) -> Row:
    """Raises `Ambiguous` where several match, and whatever creating or changing raises.

    Those who ask for the same take turns, so that two of them never create two records.
    """
    kind, business_id = command.kind, command.business_id
    asked = sorted((one.column, str(one.match), str(one.value).lower()) for one in command.conditions)
    name = ("upsert", kind.name, business_id, *asked)
    session.connection().exec_driver_sql(LOCK, (locks([name]),))
    # A door that matches by identities must not come in between the look and the write either.
    sought = {one.column: one.value for one in command.conditions if one.match in (Match.FOLDED, Match.PHONE)}
    kind.guard(session, business_id, None, command.values | sought)
    scope = Scope(session, kind, business_id)
    query = select(scope.column("id")).where(
        *mine(scope), *(clause(scope, one) for one in command.conditions)
    )
    found = session.exec(query.limit(2)).all()
    if len(found) > 1:
        raise Ambiguous(f"more than one {kind.name} matches")
    if not found:
        # The new record is one that the same filters find: asked again, it is updated.
        values = sought | command.values
        return create_record(
            session, CreateRecord(kind=kind, business_id=business_id, user_id=command.user_id, values=values)
        )
    change = ChangeRecord(
        kind=kind,
        business_id=business_id,
        user_id=command.user_id,
        record_id=found[0],
        values=command.values,
    )
    return change_record(session, change)


def _merged(kind: Kind, record: Any, column: str, value: Any) -> Any:  # noqa: ANN401 - a column of any type
    """Of a document, what is not named stays, and what is named as null goes."""
    if not isinstance(value, dict):
        return value
    merged = {**kind.document(record, column), **value}
    return {name: content for name, content in merged.items() if content is not None}


def _check_references(draft: Draft) -> None:
    """Whatever a record points at must be of its own business, and still there when it is first said."""
    for column, kinds in draft.kind.references.items():
        target = draft.values.get(column)
        if target is None or not draft.changes(column):
            continue
        if not any(_exists(draft, kind, target) for kind in kinds):
            raise Invalid(f"{column} names nothing that exists", column)


def _exists(draft: Draft, kind: Kind, record_id: int) -> bool:
    try:
        living(draft.session, kind, draft.business_id, record_id)
    except NotFound:
        return False
    return True


def _as_kept(draft: Draft) -> Row:
    draft.session.flush()
    draft.session.refresh(draft.record)
    return told(draft.session, draft.kind, [draft.record])[0]
