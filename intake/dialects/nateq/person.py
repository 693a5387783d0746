"""The one object of this tongue, for contacts and for the leads that may become them (seeds 000, 002)."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from models.contact import Contact
from models.label import Tag
from models.lead import Lead
from models.operations.around import Around, Line
from models.operations.identify import Tenant

Object = dict[str, Any]


def contact_object(contact: Contact, around: Around, tenant: Tenant) -> Object:
    """Every field of the seeds, in their order. What is not known is an empty text; no company is null."""
    company = around.companies.get(contact.contact_id) if contact.contact_id is not None else None
    return {
        "activities": activities(around.lines.get(contact.id, ()), contact.uid),
        "avatar": contact.avatar,
        "channelData": contact.channel_data,
        "company": company_object(company) if company else None,
        "companyId": company.uid if company else "",
        "companyName": company.name if company else "",
        "country": contact.country,
        "createdAt": moment(contact.created_at),
        "doNotContact": contact.do_not_contact,
        "email": contact.email,
        "externalId": contact.external_id,
        "id": contact.uid,
        "isAnonymous": contact.is_anonymous,
        "isPotentialClient": contact.is_potential_client,
        "language": contact.language,
        "name": contact.name,
        "organizationId": tenant.uid,
        "phone": contact.phone,
        "position": contact.position,
        "source": contact.source,
        "tags": tags(contact.tags, around, tenant),
        "updatedAt": moment(contact.updated_at),
        "whatsappOptedOut": contact.whatsapp_opted_out,
        "whatsappOptedOutAt": moment(contact.whatsapp_opted_out_at),
    }


def lead_object(lead: Lead, around: Around, tenant: Tenant) -> Object:
    """A lead is a potential client: the same object, with the fields that only a contact has left empty."""
    return {
        "activities": activities(around.lines.get(lead.id, ()), lead.uid),
        "avatar": "",
        "channelData": "",
        "company": None,
        "companyId": "",
        "companyName": lead.organization_name,
        "country": str(lead.place.get("country") or ""),
        "createdAt": moment(lead.created_at),
        "doNotContact": lead.do_not_contact,
        "email": lead.email,
        "externalId": lead.unique_id,
        "id": lead.uid,
        "isAnonymous": False,
        "isPotentialClient": lead.converted_at is None,
        "language": "",
        "name": f"{lead.first_name} {lead.last_name}".strip(),
        "organizationId": tenant.uid,
        "phone": lead.phone,
        "position": lead.title,
        "source": lead.source,
        "tags": tags(lead.tags, around, tenant),
        "updatedAt": moment(lead.updated_at),
        "whatsappOptedOut": False,
        "whatsappOptedOutAt": None,
    }


def company_object(company: Contact) -> Object:
    return {"domain": domain(company.website), "id": company.uid, "name": company.name}


def domain(website: str) -> str:
    """The host of a website, however it was typed; an empty text where there is none."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname
    except ValueError:
        return ""
    return (host or "").removeprefix("www.")


def activities(lines: Sequence[Line], uid: str) -> list[Object]:
    return [
        {
            "actorId": "" if line.actor_id is None else str(line.actor_id),
            "actorName": line.actor_name,
            "actorType": line.actor_type,
            "contactId": uid,
            "createdAt": moment(line.created_at),
            "description": line.description,
            "id": str(line.id),
            "metadata": json.dumps(line.facts, ensure_ascii=False),
            "newValue": line.new_value,
            "oldValue": line.old_value,
            # What was done stays as it was told.
            "updatedAt": moment(line.created_at),
        }
        for line in lines
    ]


def tags(names: Iterable[str], around: Around, tenant: Tenant) -> list[Object]:
    return [tag_object(around.tags[name], tenant) for name in names if name in around.tags]


def tag_object(tag: Tag, tenant: Tenant) -> Object:
    """Tags have no colours here."""
    return {
        "color": "",
        "createdAt": moment(tag.created_at),
        "displayName": tag.name,
        "id": str(tag.id),
        "name": tag.name,
        "organizationId": tenant.uid,
        "updatedAt": moment(tag.updated_at),
    }


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the millisecond."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
