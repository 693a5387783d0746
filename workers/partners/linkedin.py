"""LinkedIn: what was posted names the response, and nothing here asks for it yet."""

from models.mapping.payload import Payload
from models.settings import Settings
from workers.partners.ask import Asker, NotFetched


def fetch(_: Asker, __: Settings, ___: str, ____: Payload) -> dict[str, Payload]:
    """Raises `NotFetched`: the URN is kept with the receipt."""
    message = "LinkedIn names the response and does not send it; fetching it is not served"
    raise NotFetched(message, is_permanent=True)
