"""docs/events.md shows what is sent, field by field."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.business import Business
from models.contact import Contact
from models.conversion import Conversion
from models.delivery import Delivery
from models.enquiry import Enquiry
from models.lead import Lead
from models.operations.happened import Happened
from models.operations.topics import TOPICS
from models.receipt import Receipt
from models.subscription import Event, EventType
from workers.backoff import EVENT_WAITS
from workers.payload import standard, vcita

PAGE = (Path(__file__).resolve().parents[2] / "docs/events.md").read_text()
EXAMPLES = [
    json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
]
NOW = datetime(2026, 11, 24, tzinfo=UTC)
LEAD = Lead(
    id=1, business_id=1, uid="a", timeline_id=1, fields={"Wood": "oak"}, created_at=NOW, updated_at=NOW
)
ENQUIRY = Enquiry(
    id=1,
    business_id=1,
    uid="b",
    timeline_id=1,
    created_at=NOW,
    request_data={"Wood": "oak"},
    message_data={"Message": "By May?"},
)
DELIVERY = Delivery(
    id=1,
    business_id=1,
    job_id=1,
    cause="",
    channel="email",
    template="owner-email",
    recipient="",
    created_at=NOW,
)
RECEIPT = Receipt(id=1, uid="r", business_id=1, body=b"", received_at=NOW)
ROWS: dict[EventType, dict[str, Any]] = {
    EventType.LEAD_CONVERTED: {
        "lead": LEAD,
        "conversion": Conversion(id=1, business_id=1, lead_id=1, created_at=NOW),
        "individual": Contact(id=1, business_id=1, uid="a", timeline_id=2),
    },
    EventType.DELIVERY_FAILED: {"delivery": DELIVERY},
    EventType.RECEIPT_QUARANTINED: {"receipt": RECEIPT},
    EventType.RECEIPT_FAILED: {"receipt": RECEIPT},
}


def shape(value: Any) -> Any:
    """The names of a document, all the way down."""
    return {name: shape(one) for name, one in value.items()} if isinstance(value, dict) else None


def happened(kind: EventType) -> Happened:
    event = Event(id=1, uid="evt_1", business_id=1, type=kind, subject_id=1, created_at=NOW)
    business = Business(id=1, uid="acme", nickname="acme")
    return Happened(event=event, business=business, **ROWS.get(kind, {"lead": LEAD, "enquiry": ENQUIRY}))


@pytest.mark.parametrize(
    "kind", [kind for kind in EventType if kind not in (EventType.LEAD_UPDATED, EventType.LEAD_REPEAT)]
)
def test_it_works(kind: EventType) -> None:
    [example] = [one for one in EXAMPLES if one.get("type") == kind]
    assert shape(example) == shape(standard.document(happened(kind)))


def test_it_shows_vcitas_words() -> None:
    [example] = [one for one in EXAMPLES if "entity_name" in one]
    assert shape(example) == shape(vcita.document(happened(EventType.LEAD_CREATED), "client/created"))


@pytest.mark.parametrize("name", [*EventType, *TOPICS])
def test_it_names_every_event(name: str) -> None:
    assert f"`{name}`" in PAGE or f"### {name}" in PAGE or f", {name}" in PAGE


def test_it_tells_every_wait() -> None:
    row = re.search(r"^\| waits \|(.*)\|$", PAGE, re.MULTILINE)
    assert row is not None
    units = {"s": 1, "min": 60, "h": 3600}
    told = [cell.split() for cell in row[1].split("|")]
    assert tuple(int(number) * units[unit] for number, unit in told) == EVENT_WAITS
