"""POST /platform/v1/leadgen and its alias, seen from outside (wire.md 1.1, 1.3, 1.4; seed 003)."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import col, select

from models.business import Business, TokenKind
from models.database import transaction
from models.enquiry import Enquiry
from models.job import Job
from models.lead import Lead
from models.operations.tokens import issue
from models.receipt import Receipt
from tests.conftest import founded

URL = "/platform/v1/leadgen"
MINIMAL = {
    "identifier_type": "email",
    "email": "ada@example.org",
    "first_name": "Ada",
    "request_title": "A chair",
}

Client = TestClient[Litestar]


@pytest.fixture
def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def rows(table: type[Any], business: Business) -> Sequence[Any]:
    with transaction() as session:
        return session.exec(
            select(table).where(table.business_id == business.id).order_by(col(table.id))
        ).all()


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


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"identifier_type": None}, 400, "identifier_type"),
        ({"identifier_type": " "}, 400, "identifier_type"),
        ({"identifier_type": "phone"}, 422, "identifier_type"),
        ({"identifier_type": ["email"]}, 422, "identifier_type"),
        ({"first_name": None}, 400, "first_name"),
        ({"first_name": ""}, 400, "first_name"),
        ({"first_name": {"a": "b"}}, 422, "first_name"),
        ({"first_name": "x" * 256}, 422, "first_name"),
        ({"request_title": None}, 400, "request_title"),
        ({"request_title": True}, 422, "request_title"),
        ({"email": None}, 400, "email"),
        ({"email": "ada"}, 422, "email"),
        ({"email": "ada@localhost"}, 422, "email"),
        ({"email": "a@example.org,b@example.org"}, 422, "email"),
        ({"email": "<ada@example.org>"}, 422, "email"),
        ({"email": "ada@example.org\r\nBcc: eve@example.org"}, 422, "email"),
        ({"email": "x" * 65 + "@example.org"}, 422, "email"),
        ({"identifier_type": "unique_id"}, 400, "unique_id"),
        ({"identifier_type": "unique_id", "unique_id": "  "}, 400, "unique_id"),
        ({"unique_id": "x" * 256}, 422, "unique_id"),
        ({"notifications": "pigeon"}, 422, "notifications"),
        ({"notifications": 7}, 422, "notifications"),
        ({"request_data": "text"}, 422, "request_data"),
        ({"message_data": ["text"]}, 422, "message_data"),
        ({"request_data": {"a": "x" * 10_001}}, 422, "request_data"),
        ({"opt_in_transactional_sms": "maybe"}, 422, "opt_in_transactional_sms"),
        ({"tags": [1]}, 422, "tags"),
        ({"source_url": "x" * 2049}, 422, "source_url"),
    ],
)
def test_it_names_the_field_at_fault_and_keeps_the_receipt(
    client: Client,
    bearer: dict[str, str],
    business: Business,
    change: dict[str, Any],
    status: int,
    named: str,
) -> None:
    document = {name: value for name, value in (MINIMAL | change).items() if value is not None}
    answer = client.post(URL, headers=bearer, json=document)
    assert answer.status_code == status
    assert answer.json()["status"] == "Error"
    assert named in answer.json()["message"]
    assert "x" * 20 not in answer.text
    assert rows(Lead, business) == []
    receipt = rows(Receipt, business)[0]
    assert (receipt.verdict, json.loads(receipt.body)) == ("refused", document)
    assert answer.headers["x-request-id"] == receipt.uid


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"email": "a\\u0000b"}', "application/json", 400),
        (b'{"email": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"email": "a", "email": "b"}', "application/json", 400),
        (b'{"email": NaN}', "application/json", 400),
        (b"email=a&email=b", "application/x-www-form-urlencoded", 400),
        (b"email=%00", "application/x-www-form-urlencoded", 400),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json; charset=utf-7", 415),
        (b"<lead/>", "application/xml", 415),
        (b"x" * 262_145, "application/json", 413),
    ],
)
def test_it_refuses_a_body_that_cannot_be_read(
    client: Client, bearer: dict[str, str], business: Business, body: bytes, content_type: str, status: int
) -> None:
    answer = client.post(URL, headers=bearer | {"Content-Type": content_type}, content=body)
    assert (answer.status_code, answer.json()["status"]) == (status, "Error")
    assert [receipt.verdict for receipt in rows(Receipt, business)] == ["refused"]


def test_it_takes_a_phone_that_nobody_can_read(
    client: Client, bearer: dict[str, str], business: Business
) -> None:
    assert client.post(URL, headers=bearer, json=MINIMAL | {"phone": "ring the bell"}).status_code == 201
    assert (rows(Lead, business)[0].phone, rows(Lead, business)[0].phone_e164) == ("ring the bell", "")


class TestWhoMaySpeak:
    @pytest.mark.parametrize("header", [None, "Bearer", "Bearer tg_live_" + "x" * 56, "Basic YTpi"])
    def test_it_refuses_strangers(self, client: Client, business: Business, header: str | None) -> None:
        answer = client.post(URL, headers={"Authorization": header} if header else {}, json=MINIMAL)
        assert (answer.status_code, answer.json()) == (
            401,
            {"message": "401 Unauthorized", "status": "Failure"},
        )
        assert rows(Receipt, business) == []

    def test_it_takes_the_token_in_every_spelling(self, client: Client, token: str) -> None:
        for header in (f"bearer {token}", f'Token token="{token}"', token):
            assert client.post(URL, headers={"Authorization": header}, json=MINIMAL).status_code == 201

    @pytest.mark.parametrize("place", ["header", "body"])
    def test_it_refuses_another_business(self, client: Client, bearer: dict[str, str], place: str) -> None:
        other = founded()
        named = {"X-On-Behalf-Of": other.uid} if place == "header" else {}
        document = MINIMAL | ({"business_id": other.uid} if place == "body" else {})
        answer = client.post(URL, headers=bearer | named, json=document)
        assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})
        assert rows(Lead, other) == []

    @pytest.mark.parametrize("by", ["uid", "nickname"])
    def test_it_takes_its_own_business_by_any_name(
        self, client: Client, bearer: dict[str, str], business: Business, by: str
    ) -> None:
        name = getattr(business, by)
        for headers, body in (({"X-On-Behalf-Of": name}, {}), ({}, {"business_id": name})):
            assert client.post(URL, headers=bearer | headers, json=MINIMAL | body).status_code == 201

    def test_it_needs_the_scope(self, client: Client, business: Business) -> None:
        with transaction() as session:
            reader = issue(session, business=business, kind=TokenKind.APP, scopes=["leads:read"])
        answer = client.post(URL, headers={"Authorization": f"Bearer {reader}"}, json=MINIMAL)
        assert (answer.status_code, answer.json()["status"]) == (403, "Error")


class TestIdempotencyKey:
    def test_it_answers_the_first_again(
        self, client: Client, bearer: dict[str, str], business: Business
    ) -> None:
        headers = bearer | {"Idempotency-Key": '"order-7"'}
        first = client.post(URL, headers=headers, json=MINIMAL)
        again = client.post(URL, headers=bearer | {"Idempotency-Key": "order-7"}, json=MINIMAL)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["idempotent-replayed"] == "true"
        assert len(rows(Enquiry, business)) == 1

    def test_it_refuses_another_request(
        self, client: Client, bearer: dict[str, str], business: Business
    ) -> None:
        headers = bearer | {"Idempotency-Key": "order-7"}
        client.post(URL, headers=headers, json=MINIMAL)
        answer = client.post(URL, headers=headers, json=MINIMAL | {"first_name": "Eve"})
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json()["message"]
        assert [receipt.verdict for receipt in rows(Receipt, business)] == ["created", "refused"]

    @pytest.mark.parametrize("key", ["", "x" * 256])
    def test_it_refuses_a_key_that_is_none(self, client: Client, bearer: dict[str, str], key: str) -> None:
        answer = client.post(URL, headers=bearer | {"Idempotency-Key": key}, json=MINIMAL)
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json()["message"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_answers_405_to_other_methods(client: Client, method: str) -> None:
    assert client.request(method, URL).status_code == 405
