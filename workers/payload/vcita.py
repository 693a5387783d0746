"""An event in vcita's words: entity_name, event_type and data (wire.md 1.6)."""

from typing import Any

from models.enquiry import Enquiry
from models.lead import Lead
from models.operations.happened import Happened
from workers.payload.standard import told

Document = dict[str, Any]

# What a request is called there: each is told with what was written in it.
REQUESTS = ("contact_form", "conversation_item", "message")


def document(happened: Happened, topic: str) -> Document:
    """`topic` is what was subscribed to, as `client/created`."""
    entity, _, event_type = topic.partition("/")
    data = client(happened.lead, happened.business.uid) if happened.lead else {}
    if entity in REQUESTS and happened.enquiry:
        data |= contact_form(happened.enquiry)
    return {
        "entity_name": entity,
        "event_type": event_type,
        "data": data,
        "custom_fields_status": "Client"
        if happened.lead and happened.lead.converted_at
        else "Potential client",
    }


def client(row: Lead, business_uid: str) -> Document:
    return {
        "business_id": business_uid,
        "client_id": row.uid,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "phone": row.phone_e164 or row.phone,
        "email": row.email,
        "image": None,
        "address": {"main": row.address},
        "custom_fields": row.fields,
        "visible": row.deleted_at is None,
        "opt_in": row.opt_in,
        "created_at": told(row.created_at),
        "updated_at": told(row.updated_at),
        "spam": False,
    }


def contact_form(row: Enquiry) -> Document:
    return {
        "conversation_uid": row.uid,
        "title": row.title,
        "fields": {**row.request_data, **row.message_data},
        "source": row.source,
        "source_url": row.source_url,
    }
