"""What one delivery is known by, so that a sender who tries again makes nothing twice."""

import hashlib

from models.mapping.expression import Unmapped, search
from models.mapping.functions import written
from models.mapping.payload import Payload, Unreadable, read_payload
from models.mapping.preset import Preset

LONGEST = 200
# Senders without ids may mean two leads by two equal bodies, but hardly within the same minute.
BUCKET_SECONDS = 60


def key_of(door: str, number: str) -> str:
    """The receipt's idempotency key; an id that is long or strange counts by its digest."""
    is_plain = len(number) <= LONGEST and number.isascii() and number.isprintable()
    return f"{door}:{number if is_plain else hashlib.sha256(number.encode()).hexdigest()}"


def delivery_id(preset: Preset, content_type: str, body: bytes, now: float) -> str:
    """The id that the body holds, those of a batch together, or else the body itself in this minute."""
    return _told(preset, content_type, body) or _by_content(body, now)


def _told(preset: Preset, content_type: str, body: bytes) -> str:
    if not preset.delivery:
        return ""
    try:
        found = search("delivery", preset.delivery, read_payload(content_type, body))
    except (Unreadable, Unmapped):
        return ""
    return _joined(found)


def _joined(found: Payload) -> str:
    """Every part must be there: half an id would be somebody else's."""
    if not isinstance(found, list):
        return written(found)
    parts = [written(one) for one in found]
    return ",".join(parts) if parts and all(parts) else ""


def _by_content(body: bytes, now: float) -> str:
    return f"{hashlib.sha256(body).hexdigest()}-{int(now // BUCKET_SECONDS)}"
