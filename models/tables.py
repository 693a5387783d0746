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
    form,
    job,
    label,
    lead,
    receipt,
    silence,
    subscription,
    timeline,
    touch,
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
    "form",
    "job",
    "label",
    "lead",
    "receipt",
    "silence",
    "subscription",
    "timeline",
    "touch",
]

METADATA = SQLModel.metadata
