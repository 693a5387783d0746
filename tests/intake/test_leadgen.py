"""POST /platform/v1/leadgen and its alias, seen from outside (wire.md 1.1, 1.3, 1.4; seed 003)."""

from typing import Any

import pytest

from models.business import Business
from models.enquiry import Enquiry
from models.job import Job
from models.lead import Lead
from models.receipt import Receipt
from tests.intake.leadgen import MINIMAL, URL, Client, rows


@pytest.mark.parametrize("url", [URL, "/platform/v1/leads"])
def test_it_works(client: Client, bearer: dict[str, str], business: Business, url: str) -> None:
    answer = client.post(url, headers=bearer, json=MINIMAL)
    lead, enquiry = rows(Lead, business)[0], rows(Enquiry, business)[0]
    assert answer.status_code == 201
    assert answer.json() == {"conversation_uid": enquiry.uid, "status": "OK", "uid": lead.uid}
    assert answer.headers["x-request-id"] == rows(Receipt, business)[0].uid
    assert answer.headers["content-type"] == "application/json"


FULL = MINIMAL | {
    "last_name": "Lovelace",
    "unique_id": "crm-42",
    "phone": "(415) 555-0123",
    "address": "12 St James's Square",
    "source": "Website",
    "source_url": "https://acme.example.org/contact?a=b",
    "status": "Prospect",
    "system_message": "See https://acme.example.org/42",
    "tags": "chairs, oak ,chairs",
    "notifications": "auto-reply,email,sms",
    "opt_in": "true",
    "opt_in_transactional_sms": "true",
}

LABELS = {
    "request_data": {"Wood": "oak", "Needed by": "2027-01-15"},
    "message_data": {"Message": "Twenty, please"},
}


def as_json(document: dict[str, Any]) -> dict[str, Any]:
    return {"json": document}


def as_form(document: dict[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in document.items() if not isinstance(value, dict)}
    for name in ("request_data", "message_data"):
        flat |= {f"{name}[{label}]": value for label, value in document.get(name, {}).items()}
    return {"data": flat}


def as_multipart(document: dict[str, Any]) -> dict[str, Any]:
    return {"files": {name: (None, value) for name, value in as_form(document)["data"].items()}}


@pytest.mark.parametrize("encode", [as_json, as_form, as_multipart])
def test_it_takes_every_parameter_in_every_encoding(
    client: Client, bearer: dict[str, str], business: Business, encode: Any
) -> None:
    document = FULL | LABELS | {"business_id": business.nickname}
    assert client.post(URL, headers=bearer, **encode(document)).status_code == 201
    lead, enquiry = rows(Lead, business)[0], rows(Enquiry, business)[0]
    assert (lead.first_name, lead.last_name, lead.email, lead.unique_id) == (
        "Ada", "Lovelace", "ada@example.org", "crm-42",
    )  # fmt: skip
    assert (lead.phone, lead.phone_e164, lead.address) == (
        "(415) 555-0123",
        "+14155550123",
        "12 St James's Square",
    )
    assert (lead.source, lead.source_url, lead.status) == ("Website", FULL["source_url"], "Prospect")
    assert (lead.tags, lead.fields) == (["chairs", "oak"], LABELS["request_data"])
    assert (lead.opt_in, lead.opt_in_source, lead.sms_opt_in) == (True, "leadgen", True)
    assert lead.opt_in_at is not None
    assert (enquiry.title, enquiry.system_message) == ("A chair", FULL["system_message"])
    assert list(enquiry.request_data) == ["Wood", "Needed by"]
    assert enquiry.message_data == LABELS["message_data"]
    assert [job.kind for job in rows(Job, business)] == ["auto_reply", "owner_email", "owner_sms"]


@pytest.mark.parametrize(
    ("spelled", "kinds"),
    [
        ("email,sms", ["owner_email", "owner_sms"]),
        ("auto-reply", ["auto_reply"]),
        ("auto_reply, sms", ["auto_reply", "owner_sms"]),
        ("auto_reply, email, sms", ["auto_reply", "owner_email", "owner_sms"]),
        (["email", "sms"], ["owner_email", "owner_sms"]),
        (" SMS ", ["owner_sms"]),
        (["email,sms"], ["owner_email", "owner_sms"]),
        (["auto_reply, email", " ,", "SMS"], ["auto_reply", "owner_email", "owner_sms"]),
        ("auto reply, Email", ["auto_reply", "owner_email"]),
        ("Auto - Reply", ["auto_reply"]),
        ("", []),
        ([], []),
        (None, []),
    ],
)
def test_it_reads_notifications_in_every_spelling_seen(
    client: Client, bearer: dict[str, str], business: Business, spelled: object, kinds: list[str]
) -> None:
    assert client.post(URL, headers=bearer, json=MINIMAL | {"notifications": spelled}).status_code == 201
    assert [job.kind for job in rows(Job, business)] == kinds


def test_it_adds_an_enquiry_to_a_known_person(
    client: Client, bearer: dict[str, str], business: Business
) -> None:
    first = client.post(URL, headers=bearer, json=MINIMAL).json()
    changed = {"first_name": "Eve", "request_title": "A table", "request_data": {"Wood": "elm"}}
    again = client.post(URL, headers=bearer, json=MINIMAL | changed).json()
    assert again["uid"] == first["uid"]
    assert again["conversation_uid"] != first["conversation_uid"]
    lead = rows(Lead, business)[0]
    assert (lead.first_name, lead.fields) == ("Ada", {})
    assert rows(Enquiry, business)[1].request_data == {"Wood": "elm"}
    assert [receipt.verdict for receipt in rows(Receipt, business)] == ["created", "repeat"]


def test_it_takes_a_phone_that_nobody_can_read(
    client: Client, bearer: dict[str, str], business: Business
) -> None:
    assert client.post(URL, headers=bearer, json=MINIMAL | {"phone": "ring the bell"}).status_code == 201
    assert (rows(Lead, business)[0].phone, rows(Lead, business)[0].phone_e164) == ("ring the bell", "")
