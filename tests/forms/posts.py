"""What the tests of posts share: what a visitor fills in, and a look at what became of it."""

from typing import Any

from sqlmodel import col, select

from models.business import Business
from models.database import transaction
from models.enquiry import Enquiry
from models.job import Job
from models.lead import Lead
from models.receipt import Receipt

FILLED = {
    "name": "Ada King Lovelace",
    "email": "Ada@example.org",
    "phone": "(415) 555-0123",
    "message": "Twenty chairs, please",
}
JSON = {"Accept": "application/json"}


def rows(table: type[Any], business: Business) -> list[Any]:
    key = getattr(table, "id", None) or table.created_at
    with transaction() as session:
        found = session.exec(select(table).where(table.business_id == business.id).order_by(col(key)))
        return list(found.all())


def leads(business: Business) -> list[Lead]:
    return rows(Lead, business)


def enquiries(business: Business) -> list[Enquiry]:
    return rows(Enquiry, business)


def receipts(business: Business) -> list[Receipt]:
    return rows(Receipt, business)


def jobs(business: Business) -> list[str]:
    return [job.kind for job in rows(Job, business)]


def verdicts(business: Business) -> list[tuple[str, str]]:
    return [(receipt.verdict, receipt.reason) for receipt in receipts(business)]
