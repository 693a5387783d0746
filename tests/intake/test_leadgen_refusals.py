"""What leadgen refuses: the answer, the field that it names, and the receipt that is kept."""

import json
from typing import Any

import pytest

from models.business import Business
from models.lead import Lead
from models.receipt import Receipt
from tests.intake.leadgen import MINIMAL, URL, Client, rows


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
        ({"notifications": ["email,pigeon"]}, 422, "notifications"),
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


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_answers_405_to_other_methods(client: Client, method: str) -> None:
    assert client.request(method, URL).status_code == 405
