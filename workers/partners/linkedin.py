"""LinkedIn: what was posted names the response, and nothing here asks for it yet."""

import httpx

from models.mapping.payload import Payload
from models.settings import Settings
from workers.partners.ask import NotFetched


def fetch(_: httpx.Client, __: Settings, ___: str, ____: Payload) -> dict[str, Payload]:
    """Raises `NotFetched`: the URN is kept with the receipt."""
    message = "LinkedIn names the response and does not send it; fetching it is not served"
    raise NotFetched(message, is_permanent=True)
