"""HubSpot's CRM API: one contact (developers.hubspot.com, CRM API, contacts)."""

from models.mapping.payload import Payload
from models.settings import Settings
from workers.partners.ask import Asker, text_of

PROPERTIES = "email,firstname,lastname,phone,mobilephone,address,company,message,website"


def fetch(asker: Asker, settings: Settings, token: str, item: Payload) -> dict[str, Payload]:
    """Raises `NotFetched`."""
    url = f"{settings.hubspot_url.rstrip('/')}/crm/v3/objects/contacts/{text_of(item, 'objectId')}"
    return asker.ask(url, token, {"properties": PROPERTIES})
