"""Conditions: which records of a kind are meant, in words that a door can say without knowing SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, true
from sqlmodel import Session, col, select

from models.business import Business
from models.identifiers import phone_e164
from models.operations.history import timelines_of
from models.operations.records.kind import Kind
from models.timeline import Owner, Timeline

Clause = ColumnElement[bool]
WILDCARDS = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


class Match(StrEnum):
    """How a column and a value are compared."""

    EQUAL = "equal"
    ONE_OF = "one_of"
    FOLDED = "folded"
    PHONE = "phone"
    INSIDE = "inside"
    CONTAINS = "contains"
    PRESENT = "present"
    OVERDUE = "overdue"
    HISTORY_OF = "history_of"
    HISTORY_OF_TYPE = "history_of_type"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Condition:
    """`value` has the column's type; for ONE_OF a tuple, INSIDE (key, text), HISTORY_OF (type, id)."""

    column: str
    match: Match
    value: Any


@dataclass(frozen=True, slots=True)
class Scope:
    """Where conditions are read."""

    session: Session
    kind: Kind
    business_id: int

    def column(self, name: str) -> Any:  # noqa: ANN401 - a column of any table
        return getattr(self.kind.table, name)


def mine(scope: Scope) -> list[Clause]:
    """Of this business and this kind, and neither deleted nor become something else."""
    clauses: list[Clause] = [scope.column("business_id") == scope.business_id]
    clauses += [scope.column(name) == value for name, value in scope.kind.fixed.items()]
    clauses += [scope.column(name).is_(None) for name in scope.kind.ended]
    return clauses


def clause(scope: Scope, condition: Condition) -> Clause:
    return BUILDERS[condition.match](scope, condition)


def equal(scope: Scope, condition: Condition) -> Clause:
    return cast("Clause", scope.column(condition.column) == condition.value)


def one_of(scope: Scope, condition: Condition) -> Clause:
    return cast("Clause", scope.column(condition.column).in_(condition.value))


def folded(scope: Scope, condition: Condition) -> Clause:
    """Without regard to case: two spellings of an address are one mailbox."""
    return cast("Clause", func.lower(scope.column(condition.column)) == condition.value.lower())


def phone(scope: Scope, condition: Condition) -> Clause:
    """As it was typed, or as the same number written otherwise."""
    business = scope.session.get_one(Business, scope.business_id)
    number = phone_e164(condition.value, business.country)
    typed: Clause = scope.column(condition.column) == condition.value
    return or_(typed, scope.column("phone_e164") == number) if number else typed


def inside(scope: Scope, condition: Condition) -> Clause:
    name, value = condition.value
    return cast("Clause", scope.column(condition.column).op("->>")(name) == value)


def contains(scope: Scope, condition: Condition) -> Clause:
    pattern = f"%{condition.value.translate(WILDCARDS)}%"
    return cast("Clause", scope.column(condition.column).ilike(pattern, escape="\\"))


def present(scope: Scope, condition: Condition) -> Clause:
    there: Clause = scope.column(condition.column).is_not(None)
    return there if condition.value else not_(there)


def overdue(scope: Scope, condition: Condition) -> Clause:
    late = and_(scope.column("due_date") < func.clock_timestamp(), scope.column("completed").is_(False))
    # A task without a due date is never late; plain NOT would make it neither.
    return func.coalesce(late, false()).is_(condition.value)


def history_of(scope: Scope, condition: Condition) -> Clause:
    owner_type, owner_id = condition.value
    timelines = timelines_of(scope.session, scope.business_id, Owner(owner_type), owner_id)
    return cast("Clause", scope.column(condition.column).in_(timelines))


def history_of_type(scope: Scope, condition: Condition) -> Clause:
    """A lead's timeline may have no row, so leads have what nobody else owns."""
    column = scope.column(condition.column)
    owned = select(Timeline.id).where(col(Timeline.id) == column)
    if condition.value == Owner.LEAD:
        return and_(column.is_not(None), not_(exists(owned.where(col(Timeline.owner_type) != Owner.LEAD))))
    return exists(owned.where(col(Timeline.owner_type) == condition.value))


def always(_: Scope, condition: Condition) -> Clause:
    """All or none, where every record has the one value."""
    return true() if condition.value else false()


BUILDERS: dict[Match, Callable[[Scope, Condition], Clause]] = {
    Match.EQUAL: equal,
    Match.ONE_OF: one_of,
    Match.FOLDED: folded,
    Match.PHONE: phone,
    Match.INSIDE: inside,
    Match.CONTAINS: contains,
    Match.PRESENT: present,
    Match.OVERDUE: overdue,
    Match.HISTORY_OF: history_of,
    Match.HISTORY_OF_TYPE: history_of_type,
    Match.ALWAYS: always,
}
