"""The rows of a captured request, in the words of their columns."""

import hashlib
from datetime import datetime
from typing import Any

from models.operations.commands import Arrival, CaptureLead
from models.operations.upsert import Row
from models.receipt import Verdict

Identity = tuple[int, str, str]


def fingerprint(arrival: Arrival) -> str:
    """Tell one request from another under the same idempotency key."""
    head = f"{arrival.door}\n{arrival.content_type}\n".encode()
    return hashlib.sha256(head + arrival.body).hexdigest()


def identity_row(identity: Identity, lead: Row) -> Row:
    business_id, kind, value = identity
    return {"business_id": business_id, "kind": kind, "value": value, "lead_id": lead["id"]}


def opt_in(name: str, command: CaptureLead, now: datetime, *, given: bool) -> Row:
    """An opt-in with its time and source, or its absence."""
    return {
        name: given,
        f"{name}_at": now if given else None,
        f"{name}_source": command.arrival.door if given else "",
    }


def receipt(arrival: Arrival, verdict: Verdict, **facts: Any) -> Row:  # noqa: ANN401 - columns of many types
    """The receipt's row; a refused request gives its idempotency key free again."""
    keeps_key = arrival.idempotency_key and verdict != Verdict.REFUSED
    return {
        "uid": arrival.uid,
        "business_id": arrival.business_id,
        "token_id": arrival.token_id,
        "door": arrival.door,
        "verdict": verdict,
        "reason": "",
        "content_type": arrival.content_type,
        "body": "\\x" + arrival.body.hex(),
        "lead_id": None,
        "enquiry_id": None,
        "matched_on": "",
        "difference": None,
        "identity_conflict": False,
        "promised": 0,
        "idempotency_key": arrival.idempotency_key if keeps_key else None,
        "fingerprint": fingerprint(arrival) if keeps_key else None,
        **facts,
    }
