"""The statuses and sources of the Leads & CRM tongue; other tongues' words become these in the database.

The functions `lead_status` and `lead_source` of migration 0005 are the one place that says how.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, func

from models.lead import Lead

PROSPECT, DIRECT = "prospect", "direct"


@dataclass(frozen=True, slots=True)
class Status:
    """What a status means, and the colour in which it is shown."""

    description: str
    color: str


STATUSES = {
    PROSPECT: Status("Has shown interest and has not been spoken to", "#64748b"),
    "tentative": Status("Has been spoken to and is not sure", "#f59e0b"),
    "potential": Status("Is likely to buy", "#3b82f6"),
    "contact": Status("Is in regular contact", "#8b5cf6"),
    "customer": Status("Has bought", "#16a34a"),
    "closed": Status("Will not buy", "#dc2626"),
}
SOURCES = (
    DIRECT, "website", "facebook", "twitter", "instagram", "search", "pinterest", "reddit", "other",
)  # fmt: skip


def told_status() -> ColumnElement[str]:
    """A lead's status in this tongue."""
    columns: Any = Lead.__table__.c  # type: ignore[attr-defined] # SQLModel's table
    return func.lead_status(columns.status, columns.converted_at, type_=Text)


def told_source() -> ColumnElement[str]:
    columns: Any = Lead.__table__.c  # type: ignore[attr-defined] # SQLModel's table
    return func.lead_source(columns.source, type_=Text)
