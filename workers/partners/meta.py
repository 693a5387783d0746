"""Meta's Graph API: the field data of one lead (developers.facebook.com, Lead Ads, retrieving)."""

from models.mapping.payload import Payload
from models.settings import Settings
from workers.partners.ask import Asker, text_of

# Errors of the Graph API that pass, most of which come with 400: its own trouble, and too many calls.
PASSING = (1, 2, 4, 17, 32, 341, 613)
FIELDS = "created_time,id,ad_id,form_id,field_data"


def fetch(asker: Asker, settings: Settings, token: str, item: Payload) -> dict[str, Payload]:
    """Raises `NotFetched`."""
    url = f"{settings.meta_graph_url.rstrip('/')}/{text_of(item, 'value', 'leadgen_id')}"
    return asker.ask(url, token, {"fields": FIELDS}, PASSING)
