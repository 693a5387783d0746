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
    silence,
    subscription,
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
    "silence",
    "subscription",
    "timeline",
]

METADATA = SQLModel.metadata
