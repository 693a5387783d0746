"""Meta's Graph API: the field data of one lead (developers.facebook.com, Lead Ads, retrieving)."""

import httpx

from models.mapping.payload import Payload
from models.settings import Settings
from workers.partners.ask import ask, text_of

FIELDS = "created_time,id,ad_id,form_id,field_data"


def fetch(client: httpx.Client, settings: Settings, token: str, item: Payload) -> dict[str, Payload]:
    """Raises `NotFetched`."""
    url = f"{settings.meta_graph_url.rstrip('/')}/{text_of(item, 'value', 'leadgen_id')}"
    return ask(client, url, token, {"fields": FIELDS}, settings.client_timeout_seconds)
