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
    erasure,
    form,
    imported,
    job,
    label,
    lead,
    receipt,
    silence,
    source,
    subscription,
    tally,
    timeline,
    touch,
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
    "erasure",
    "form",
    "imported",
    "job",
    "label",
    "lead",
    "receipt",
    "silence",
    "source",
    "subscription",
    "tally",
    "timeline",
    "touch",
]

METADATA = SQLModel.metadata
