"""Every table, imported once: what Alembic compares the database with."""

from sqlmodel import SQLModel

from models import business, delivery, enquiry, job, lead, receipt

__all__ = ["METADATA", "business", "delivery", "enquiry", "job", "lead", "receipt"]

METADATA = SQLModel.metadata
