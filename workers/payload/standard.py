"""An event in our own words: type, timestamp and data (docs/events.md has every field)."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import SQLModel

from models.contact import Contact
from models.conversion import Conversion
from models.delivery import Delivery
from models.enquiry import Enquiry
from models.lead import Lead
from models.operations.happened import Happened
from models.receipt import Receipt
from models.subscription import EventType

Document = dict[str, Any]


def document(happened: Happened) -> Document:
    event = happened.event
    return {"type": event.type, "timestamp": told(event.created_at), "data": data_of(happened)}


def data_of(happened: Happened) -> Document:
    if happened.receipt is not None:
        return {"receipt": receipt(happened.receipt)}
    data: Document = {"lead": lead(happened.lead) if happened.lead else None}
    if happened.conversion is not None:
        return data | {"conversion": conversion(happened.conversion, happened)}
    data["enquiry"] = enquiry(happened.enquiry) if happened.enquiry else None
    if happened.delivery is not None:
        return data | {"delivery": delivery(happened.delivery)}
    return data | {"verdict": EventType(happened.event.type).removeprefix("lead.")}


def lead(row: Lead) -> Document:
    names = ("uid", "id", "slug", "first_name", "last_name", "email", "phone", "status", "source", "tags")
    return columns(row, *names, "created_at") | {"phone": row.phone_e164 or row.phone}


def enquiry(row: Enquiry) -> Document:
    return columns(row, "uid", "title", "source", "source_url", "request_data", "message_data", "created_at")


def conversion(row: Conversion, happened: Happened) -> Document:
    return {
        "id": row.id,
        "individual": contact(happened.individual),
        "organization": contact(happened.organization),
        "deal_id": row.deal_id,
        "created_at": told(row.created_at),
    }


def contact(row: Contact | None) -> Document | None:
    return columns(row, "id", "uid") if row else None


def delivery(row: Delivery) -> Document:
    return columns(row, "id", "channel", "template", "state", "reason", "attempts", "created_at")


def receipt(row: Receipt) -> Document:
    return columns(row, "uid", "door", "verdict", "reason", "received_at")


def columns(row: SQLModel, *names: str) -> Document:
    """The columns of these names, in their order."""
    values = ((name, getattr(row, name)) for name in names)
    return {name: told(value) if isinstance(value, datetime) else value for name, value in values}


def told(moment: datetime) -> str:
    """A time in UTC, in ISO 8601 to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
