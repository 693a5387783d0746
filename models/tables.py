"""Every table, imported once: what Alembic compares the database with."""

from sqlmodel import SQLModel

from models import (
    activity,
    business,
    contact,
    conversion,
    deal,
    delivery,
    enquiry,
    job,
    label,
    lead,
    receipt,
    source,
    timeline,
)

__all__ = [
    "METADATA",
    "activity",
    "business",
    "contact",
    "conversion",
    "deal",
    "delivery",
    "enquiry",
    "job",
    "label",
    "lead",
    "receipt",
    "source",
    "timeline",
]

METADATA = SQLModel.metadata
