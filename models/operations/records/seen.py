"""What a business's newest records show of its habits: the custom fields and the industries in use."""

from dataclasses import dataclass

from sqlmodel import Session

from models.errors import NotFound
from models.operations.records.kind import Row

# Of a large business not every record is read: what is in use shows in the newest ones.
FIELDS = """
    SELECT key AS name, min(created_at) AS created_at, max(updated_at) AS updated_at
    FROM (SELECT {column} AS fields, created_at, updated_at FROM {table}
          WHERE business_id = %s AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT 1000) newest
    CROSS JOIN LATERAL json_object_keys(fields) AS key
    GROUP BY key ORDER BY key
"""
INDUSTRIES = """
    SELECT industry AS name, min(created_at) AS created_at, max(updated_at) AS updated_at
    FROM (SELECT industry, created_at, updated_at FROM lead
          WHERE business_id = %s AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT 1000) newest
    WHERE industry <> '' GROUP BY industry ORDER BY industry
"""
COLUMNS = {"lead": "fields", "contact": "custom_fields", "deal": "custom_fields"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSeen:
    """What is asked for: the industries of leads, or the custom fields of one table."""

    business_id: int
    table: str


def list_fields(session: Session, command: ListSeen) -> list[Row]:
    """Raises `NotFound` for a table without custom fields."""
    if command.table not in COLUMNS:
        raise NotFound("there are no such fields", "table")
    query = FIELDS.format(table=command.table, column=COLUMNS[command.table])
    return _rows(session, query, command.business_id)


def list_industries(session: Session, command: ListSeen) -> list[Row]:
    return _rows(session, INDUSTRIES, command.business_id)


def list_none(_: Session, __: ListSeen) -> list[Row]:
    """For what Sell has and we do not."""
    return []


def _rows(session: Session, query: str, business_id: int) -> list[Row]:
    found = session.connection().exec_driver_sql(query, (business_id,)).mappings()
    return [dict(row) for row in found]
