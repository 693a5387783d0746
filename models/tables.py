"""Every table, imported once: what Alembic compares the database with."""

from sqlmodel import SQLModel

from models import (
    activity,
    appointment,
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
    tally,
    timeline,
)

__all__ = [
    "METADATA",
    "activity",
    "appointment",
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
    "tally",
    "timeline",
]

METADATA = SQLModel.metadata
