"""Basic authentication (RFC 7617); the secret is user:password."""

import base64
import binascii
from collections.abc import Mapping

from intake.hooks.bearer import credentials
from intake.hooks.sent import Sent, Unverified, same


def verify(secret: str, _: Mapping[str, str], sent: Sent) -> None:
    """Raises `Unverified`."""
    try:
        given = base64.b64decode(credentials(sent, "basic"), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Unverified from None
    if not same(secret, given):
        raise Unverified
