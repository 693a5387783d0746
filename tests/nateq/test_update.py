"""PUT /api/v1/contacts/{id}, seen from outside (seed 002, wire.md 3.4)."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import col, select

from models.business import Business
from models.contact import Contact
from models.database import transaction
from models.operations.find_person import find_contact

Client = TestClient[Litestar]
Taken = Callable[..., str]

FULL: dict[str, Any] = {
    "avatar": "https://acme.example.org/ada.png",
    "channelData": '{"whatsapp": "14155550123"}',
    "country": "United Kingdom",
    "doNotContact": True,
    "email": "countess@example.org",
    "externalId": "crm-42",
    "isAnonymous": True,
    "isPotentialClient": True,
    "language": "en-GB",
    "name": "Augusta Ada King",
    "phone": "(415) 555-0199",
    "position": "Countess",
    "source": "Referral",
}
LONGEST = {
    "country": 100, "email": 255, "externalId": 255, "language": 10, "name": 255, "phone": 50,
    "position": 255, "source": 100,
}  # fmt: skip


def row_of(business: Business, uid: str) -> Contact:
    with transaction() as session:
        return find_contact(session, business.id, uid)


def contacts_of(business: Business) -> Sequence[Contact]:
    with transaction() as session:
        query = select(Contact).where(Contact.business_id == business.id)
        return session.exec(query.order_by(col(Contact.id))).all()


def refusals(answer: Any) -> dict[str, list[str]]:
    """The details of a refusal, which is in the envelope."""
    envelope = answer.json()
    assert (answer.status_code, envelope["success"]) == (400, False)
    assert envelope["error"]["code"] == "VALIDATION_ERROR"
    assert envelope["error"]["message"] == envelope["message"]
    details: dict[str, list[str]] = envelope["error"]["details"]
    return details


def test_it_works(client: Client, bearer: dict[str, str], contact: Taken, business: Business) -> None:
    uid = contact()
    answer = client.put(f"/api/v1/contacts/{uid}", headers=bearer, json=FULL)
    envelope = answer.json()
    assert (answer.status_code, envelope["success"]) == (200, True)
    assert {field: envelope["data"][field] for field in FULL} == FULL
    again = client.get(f"/api/v1/contacts/{uid}", headers=bearer).json()
    assert again["data"] == envelope["data"]
    row = row_of(business, uid)
    assert (row.first_name, row.last_name) == ("Augusta Ada", "King")
    assert row.phone_e164 == "+14155550199"


def test_it_tells_each_change_by_an_activity(client: Client, bearer: dict[str, str], contact: Taken) -> None:
    uid = contact()
    before = client.get(f"/api/v1/contacts/{uid}", headers=bearer).json()["data"]
    changes = {"position": "Countess", "doNotContact": True, "email": before["email"]}
    after = client.put(f"/api/v1/contacts/{uid}", headers=bearer, json=changes).json()["data"]
    told = after["activities"][: -len(before["activities"])]
    assert sorted(
        (json.loads(line["metadata"])["field"], line["oldValue"], line["newValue"]) for line in told
    ) == [("do_not_contact", "false", "true"), ("position", "", "Countess")]
    assert {(line["actorType"], line["actorName"], line["contactId"]) for line in told} == {
        ("user", "owner", uid)
    }
    assert after["updatedAt"] > before["updatedAt"]


def test_it_leaves_a_contact_as_it_is_when_nothing_changes(
    client: Client, bearer: dict[str, str], contact: Taken
) -> None:
    before = client.get(f"/api/v1/contacts/{contact()}", headers=bearer).json()["data"]
    whole = client.put(f"/api/v1/contacts/{before['id']}", headers=bearer, json=before)
    assert whole.json()["data"] == before
    assert client.put(f"/api/v1/contacts/{before['id']}", headers=bearer, json={}).json()["data"] == before


def test_it_keeps_what_is_absent_and_clears_what_is_null(
    client: Client, bearer: dict[str, str], contact: Taken, business: Business
) -> None:
    path = f"/api/v1/contacts/{contact()}"
    client.put(path, headers=bearer, json=FULL)
    texts = {field for field, value in FULL.items() if isinstance(value, str)}
    cleared = client.put(path, headers=bearer, json=dict.fromkeys(texts)).json()["data"]
    assert {field: cleared[field] for field in texts} == dict.fromkeys(texts, "")
    assert [cleared[field] for field in FULL if field not in texts] == [True] * 3
    row = contacts_of(business)[0]
    assert (row.phone_e164, row.first_name, row.last_name) == ("", "", "")


@pytest.mark.parametrize("field", sorted(LONGEST))
def test_it_takes_texts_up_to_their_length_and_no_longer(
    client: Client, bearer: dict[str, str], contact: Taken, field: str
) -> None:
    path, longest = f"/api/v1/contacts/{contact()}", LONGEST[field]
    host = "@" + ".".join(["x" * 60] * 3) + ".example.org"
    fits = "é" * longest if field != "email" else "a" * 50 + host
    assert client.put(path, headers=bearer, json={field: fits}).json()["data"][field] == fits
    answer = client.put(path, headers=bearer, json={field: "x" * (longest + 1)})
    assert refusals(answer) == {field: [f"must be at most {longest} characters long"]}
    assert client.get(path, headers=bearer).json()["data"][field] == fits


@pytest.mark.parametrize("kind", ["contact", "guest", "customer"])
def test_it_takes_the_types_of_the_contract(
    client: Client, bearer: dict[str, str], contact: Taken, business: Business, kind: str
) -> None:
    uid = contact()
    assert client.put(f"/api/v1/contacts/{uid}", headers=bearer, json={"type": kind}).status_code == 200
    assert row_of(business, uid).type == kind


@pytest.mark.parametrize(
    ("sent", "at_fault"),
    [
        ({"type": "lead"}, "type"),
        ({"type": "Contact"}, "type"),
        ({"type": None}, "type"),
        ({"type": ["contact"]}, "type"),
        ({"doNotContact": "false"}, "doNotContact"),
        ({"doNotContact": None}, "doNotContact"),
        ({"isAnonymous": 1}, "isAnonymous"),
        ({"isPotentialClient": "yes"}, "isPotentialClient"),
        ({"name": 7}, "name"),
        ({"name": {"first": "Ada"}}, "name"),
        ({"channelData": {"whatsapp": "1"}}, "channelData"),
        ({"email": "ada"}, "email"),
        ({"email": "ada@example.org\r\nBcc: eve@example.org"}, "email"),
        ({"companyId": "nobody"}, "companyId"),
        ({"companyId": 7}, "companyId"),
    ],
)
def test_it_names_the_field_at_fault_and_changes_nothing(
    client: Client, bearer: dict[str, str], contact: Taken, sent: dict[str, Any], at_fault: str
) -> None:
    path = f"/api/v1/contacts/{contact()}"
    before = client.get(path, headers=bearer).json()["data"]
    answer = client.put(path, headers=bearer, json={"position": "Countess"} | sent)
    assert list(refusals(answer)) == [at_fault]
    assert client.get(path, headers=bearer).json()["data"] == before


def test_it_names_all_fields_at_fault_at_once(client: Client, bearer: dict[str, str], contact: Taken) -> None:
    sent = {"type": "lead", "language": "x" * 11, "doNotContact": 0}
    answer = client.put(f"/api/v1/contacts/{contact()}", headers=bearer, json=sent)
    assert set(refusals(answer)) == set(sent)


def test_it_ignores_what_nobody_may_write(
    client: Client, bearer: dict[str, str], contact: Taken, business: Business
) -> None:
    uid = contact()
    before = client.get(f"/api/v1/contacts/{uid}", headers=bearer).json()["data"]
    sent = {
        "id": "mine", "organizationId": "mine", "createdAt": "2000-01-01T00:00:00Z", "companyName": "Mine",
        "whatsappOptedOut": True, "whatsappOptedOutAt": "2000-01-01T00:00:00Z", "tags": [], "activities": [],
        "business_id": 1, "owner_id": 1, "uid": "mine", "deleted_at": "2000-01-01", "whatever": 1,
    }  # fmt: skip
    after = client.put(f"/api/v1/contacts/{uid}", headers=bearer, json=sent).json()["data"]
    assert after == before
    assert row_of(business, uid).uid == uid


def test_it_lets_contacts_share_an_address(client: Client, bearer: dict[str, str], contact: Taken) -> None:
    contact()
    other = contact(email="grace@example.org", first_name="Grace")
    answer = client.put(f"/api/v1/contacts/{other}", headers=bearer, json={"email": "ada@example.org"})
    assert answer.json()["data"]["email"] == "ada@example.org"


def test_it_loses_no_change_of_callers_at_once(
    client: Client, bearer: dict[str, str], contact: Taken
) -> None:
    path = f"/api/v1/contacts/{contact()}"

    def put(n: int) -> int:
        return client.put(path, headers=bearer, json={"position": f"Desk {n}"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(put, range(8))) == {200}
    data = client.get(path, headers=bearer).json()["data"]
    lines = [line for line in data["activities"] if line["description"] == "Position changed"]
    # Each change begins where the one before it ended.
    assert [line["oldValue"] for line in lines] == [*(line["newValue"] for line in lines[1:]), ""]
    assert lines[0]["newValue"] == data["position"]


def test_it_keeps_contacts_to_their_business(
    client: Client, bearer: dict[str, str], stranger: dict[str, str], contact: Taken, business: Business
) -> None:
    uid = contact()
    for reference in (uid, row_of(business, uid).id):
        path = f"/api/v1/contacts/{reference}"
        answers = [client.get(path, headers=stranger), client.put(path, headers=stranger, json=FULL)]
        assert [(one.status_code, one.json()["error"]["code"]) for one in answers] == [(404, "NOT_FOUND")] * 2
    assert row_of(business, uid).position == ""


def test_it_tells_the_newest_fifty_activities(client: Client, bearer: dict[str, str], contact: Taken) -> None:
    path = f"/api/v1/contacts/{contact()}"
    for n in range(60):
        client.put(path, headers=bearer, json={"position": f"Desk {n}"})
    lines = client.get(path, headers=bearer).json()["data"]["activities"]
    assert [line["newValue"] for line in lines] == [f"Desk {n}" for n in range(59, 9, -1)]
