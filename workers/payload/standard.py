"""An event in our own words: type, timestamp and data (docs/events.md has every field)."""

from datetime import UTC, datetime
from typing import Any

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
    return {
        "uid": row.uid,
        "id": row.id,
        "slug": row.slug,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "phone": row.phone_e164 or row.phone,
        "status": row.status,
        "source": row.source,
        "tags": row.tags,
        "created_at": told(row.created_at),
    }


def enquiry(row: Enquiry) -> Document:
    return {
        "uid": row.uid,
        "title": row.title,
        "source": row.source,
        "source_url": row.source_url,
        "request_data": row.request_data,
        "message_data": row.message_data,
        "created_at": told(row.created_at),
    }


def conversion(row: Conversion, happened: Happened) -> Document:
    return {
        "id": row.id,
        "individual": contact(happened.individual),
        "organization": contact(happened.organization),
        "deal_id": row.deal_id,
        "created_at": told(row.created_at),
    }


def contact(row: Contact | None) -> Document | None:
    return {"id": row.id, "uid": row.uid} if row else None


def delivery(row: Delivery) -> Document:
    return {
        "id": row.id,
        "channel": row.channel,
        "template": row.template,
        "state": row.state,
        "reason": row.reason,
        "attempts": row.attempts,
        "created_at": told(row.created_at),
    }


def receipt(row: Receipt) -> Document:
    return {
        "uid": row.uid,
        "door": row.door,
        "verdict": row.verdict,
        "reason": row.reason,
        "received_at": told(row.received_at),
    }


def told(moment: datetime) -> str:
    """A time in UTC, in ISO 8601 to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
