"""HubSpot's CRM API: one contact (developers.hubspot.com, CRM API, contacts)."""

import httpx

from models.mapping.payload import Payload
from models.settings import Settings
from workers.partners.ask import ask, text_of

PROPERTIES = "email,firstname,lastname,phone,mobilephone,address,company,message,website"


def fetch(client: httpx.Client, settings: Settings, token: str, item: Payload) -> dict[str, Payload]:
    """Raises `NotFetched`."""
    url = f"{settings.hubspot_url.rstrip('/')}/crm/v3/objects/contacts/{text_of(item, 'objectId')}"
    return ask(client, url, token, {"properties": PROPERTIES}, settings.client_timeout_seconds)
