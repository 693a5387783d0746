"""Rows: a record as Sell tells it becomes columns of ours, whatever length its texts have."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.types import TypeEngine

from intake.dialects.sell.values import (
    CENT,
    BadValue,
    as_day,
    as_decimal,
    as_fields,
    as_flag,
    as_moment,
    as_number,
)
from intake.moving.folder import Document
from intake.moving.lists import List
from models.operations.imports.kind import ImportKind, Row

# Columns of no table, or not of all: what a note or a task is about, and when a record was changed there.
ABOUT = {"resource_type": str, "resource_id": int, "updated_at": datetime}


def row_of(wanted: List, kind: ImportKind, document: Document, odd: Counter[str]) -> Row:
    """The columns of a record; attributes that have no column or cannot be read are counted as odd."""
    row: Row = {}
    for name, told in wanted.told_as(document).items():
        column = wanted.columns.get(name)
        if column is None:
            odd[name] += 1
        elif column in ABOUT or column in kind.columns.columns:
            odd[name] += not read_into(row, kind, column, told)
    return row


def read_into(row: Row, kind: ImportKind, column: str, told: object) -> bool:
    """Put a value into its column, null as what the column holds of itself; False where it is unreadable."""
    try:
        row[column] = kind.blank.get(column) if told is None else READERS[type_of(kind, column)](told)
    except BadValue:
        return False
    return True


def type_of(kind: ImportKind, column: str) -> type:
    """The Python type of a column's values."""
    if column in ABOUT:
        return ABOUT[column]
    found: TypeEngine[Any] = kind.columns.columns[column].type
    return found.python_type


def as_words(told: Any) -> str:  # noqa: ANN401 - a value of JSON
    """A text of any length."""
    return str(told).strip()


def as_list(told: Any) -> list[str]:  # noqa: ANN401
    if not isinstance(told, list):
        raise BadValue("invalid_type")
    return list(dict.fromkeys(word for one in told if (word := as_words(one))))


def as_amount(told: Any) -> Decimal:  # noqa: ANN401
    """To the cent, as we keep it."""
    try:
        return as_decimal(str(Decimal(str(told)).quantize(CENT)))
    except InvalidOperation:
        raise BadValue("invalid_type") from None


READERS: dict[type, Callable[[Any], object]] = {
    str: as_words,
    int: as_number,
    bool: as_flag,
    datetime: as_moment,
    date: as_day,
    Decimal: as_amount,
    object: as_fields,  # JSON, whose columns are all objects here
    list: as_list,
}
