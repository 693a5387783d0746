"""HMAC-SHA256 in a header of the sender's choice, with or without a timestamp.

Typeform, Webflow, Calendly, Meta, LinkedIn, HubSpot and GitHub differ only in the options.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping

from intake.hooks.sent import Sent, Unverified, check_time

HEX = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
SECONDS = {"s": 1.0, "ms": 0.001}
LONGEST = 1000


def verify(secret: str, options: Mapping[str, str], sent: Sent) -> None:
    """Raises `Unverified`."""
    header = sent.header(options["header"])
    timestamp = timestamp_of(options, header, sent)
    if timestamp:
        check_time(timestamp, sent.now, SECONDS[options.get("unit", "s")])
    given = decoded(options, header)
    expected = hmac.new(secret.encode(), signed(options, timestamp, sent), hashlib.sha256).digest()
    if not hmac.compare_digest(expected, given):
        raise Unverified


def signed(options: Mapping[str, str], timestamp: str, sent: Sent) -> bytes:
    """The octets that are signed: the raw body, with what the option `signed` puts about it."""
    before, _, after = options.get("signed", "{body}").partition("{body}")
    names = {"timestamp": timestamp, "method": sent.method, "url": sent.url}
    head, tail = before.format_map(names), after.format_map(names)
    return head.encode() + sent.body + tail.encode()


def timestamp_of(options: Mapping[str, str], header: str, sent: Sent) -> str:
    """The timestamp, where the scheme has one; then it must be there."""
    if name := options.get("timestamp_header"):
        return sent.header(name) or "-"
    if name := options.get("timestamp_field"):
        return field(header, name)
    return ""


def decoded(options: Mapping[str, str], header: str) -> bytes:
    """The signature in a header: alone, after a prefix, or in a field as in `t=1,v1=ab`."""
    text = field(header, options["field"]) if options.get("field") else header
    prefix = options.get("prefix", "")
    if not text.startswith(prefix):
        raise Unverified
    text = text[len(prefix) :]
    if options.get("encoding", "hex") == "base64":
        return from_base64(text)
    if not HEX.fullmatch(text):
        raise Unverified
    return bytes.fromhex(text)


def field(header: str, name: str) -> str:
    """The one value of a field of a header."""
    found = [
        value
        for key, _, value in (one.strip().partition("=") for one in header[:LONGEST].split(","))
        if key == name
    ]
    if len(found) != 1:
        raise Unverified
    return found[0]


def from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Unverified from None
