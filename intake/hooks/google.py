"""Google Ads: the secret stands in the body, as google_key."""

from collections.abc import Mapping

from intake.hooks.sent import Sent, Unverified, same
from models.mapping.payload import Unreadable, read_payload


def verify(secret: str, _: Mapping[str, str], sent: Sent) -> None:
    """Raises `Unverified`."""
    try:
        payload = read_payload(sent.content_type, sent.body)
    except Unreadable:
        raise Unverified from None
    key = payload.get("google_key") if isinstance(payload, dict) else None
    if not isinstance(key, str) or not same(secret, key):
        raise Unverified
