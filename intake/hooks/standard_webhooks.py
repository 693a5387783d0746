"""Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks): symmetric signatures, v1."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook

from intake.hooks.sent import BadDelivery, Sent, Unverified, check_time, same

MOST_SIGNATURES = 8
ID = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


def verify(secret: str, _: Mapping[str, str], sent: Sent) -> None:
    """Raises `Unverified`; and `BadDelivery` for an id that the signed text could not tell from a time."""
    number, timestamp = sent.header("webhook-id"), sent.header("webhook-timestamp")
    check_time(timestamp, sent.now)
    if not ID.fullmatch(number):
        raise BadDelivery("webhook-id must be 1 to 200 letters, digits, hyphens or underscores", "webhook-id")
    expected = signature(secret, number, int(timestamp), sent.body)
    given = sent.header("webhook-signature").split(" ")[:MOST_SIGNATURES]
    # Every one is compared, so that the time does not tell which came close.
    if sum(same(expected, one) for one in given) == 0:
        raise Unverified


def signature(secret: str, number: str, timestamp: int, body: bytes) -> str:
    """The signature as it is sent. Raises `Unverified` for whatever the package cannot sign."""
    try:
        return Webhook(secret).sign(number, datetime.fromtimestamp(timestamp, UTC), body.decode())
    except Exception:  # noqa: BLE001 - it raises whatever base64, UTF-8 or its own checks raise
        raise Unverified from None
