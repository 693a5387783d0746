"""POST /api/v1/leads/{id}/convert, seen from outside (seed 000, wire.md 3.3)."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import col, select

from models.business import Business
from models.contact import Contact
from models.conversion import Conversion
from models.database import transaction
from models.deal import Deal
from models.job import Job, JobKind
from models.lead import Lead
from models.operations.convert_later import convert_item
from models.operations.reattach import reattach

Client = TestClient[Litestar]
Taken = Callable[..., str]

CONTACT = [
    "activities", "avatar", "channelData", "company", "companyId", "companyName", "country", "createdAt",
    "doNotContact", "email", "externalId", "id", "isAnonymous", "isPotentialClient", "language", "name",
    "organizationId", "phone", "position", "source", "tags", "updatedAt", "whatsappOptedOut",
    "whatsappOptedOutAt",
]  # fmt: skip
ACTIVITY = [
    "actorId", "actorName", "actorType", "contactId", "createdAt", "description", "id", "metadata",
    "newValue", "oldValue", "updatedAt",
]  # fmt: skip
TAG = ["color", "createdAt", "displayName", "id", "name", "organizationId", "updatedAt"]


def rows(table: type[Any], business: Business) -> Sequence[Any]:
    with transaction() as session:
        return session.exec(
            select(table).where(table.business_id == business.id).order_by(col(table.id))
        ).all()


def test_it_works(client: Client, bearer: dict[str, str], business: Business, lead: Taken) -> None:
    uid = lead(phone="(415) 555-0123", source="Website", tags="chairs,oak")
    answer = client.post(f"/api/v1/leads/{uid}/convert", headers=bearer)
    envelope = answer.json()
    assert answer.status_code == 200
    assert list(envelope) == ["data", "message", "success"]
    assert envelope["success"] is True
    made = envelope["data"]
    assert list(made) == CONTACT
    assert (made["id"], made["organizationId"]) == (uid, business.uid)
    assert (made["name"], made["email"], made["phone"]) == (
        "Ada Lovelace",
        "ada@example.org",
        "(415) 555-0123",
    )
    assert (made["source"], made["company"], made["companyId"], made["companyName"]) == (
        "Website", None, "", "",
    )  # fmt: skip
    assert [
        made[name] for name in ("doNotContact", "isAnonymous", "isPotentialClient", "whatsappOptedOut")
    ] == [False] * 4
    assert made["whatsappOptedOutAt"] is None
    for name in ("createdAt", "updatedAt"):
        assert made[name].endswith("Z")
        assert datetime.fromisoformat(made[name]).tzinfo is not None
    assert [list(tag) for tag in made["tags"]] == [TAG, TAG]
    assert [(tag["name"], tag["displayName"]) for tag in made["tags"]] == [
        ("chairs", "chairs"),
        ("oak", "oak"),
    ]
    assert {tag["organizationId"] for tag in made["tags"]} == {business.uid}
    assert [list(line) for line in made["activities"]] == [ACTIVITY]
    assert answer.headers["x-request-id"]


def test_it_makes_no_deal(client: Client, contact: Taken, business: Business) -> None:
    contact()
    assert (len(rows(Conversion, business)), rows(Deal, business)) == (1, [])


def test_it_tells_that_a_lead_became_a_contact(
    client: Client, bearer: dict[str, str], contact: Taken, business: Business
) -> None:
    uid = contact()
    with transaction() as session:
        reattach(session, rows(Conversion, business)[0].id)
    lines = client.get(f"/api/v1/contacts/{uid}", headers=bearer).json()["data"]["activities"]
    told = next(line for line in lines if line["oldValue"] == "lead")
    assert (told["newValue"], told["contactId"], told["actorType"]) == ("contact", uid, "user")
    assert (told["actorName"], bool(told["actorId"])) == ("owner", True)
    assert told["metadata"] == "{}"
    assert [line["id"] for line in lines] == sorted((line["id"] for line in lines), key=int, reverse=True)


def test_it_answers_a_second_conversion_with_the_first(
    client: Client, bearer: dict[str, str], contact: Taken, business: Business
) -> None:
    uid = contact()
    again = client.post(f"/api/v1/leads/{uid}/convert", headers=bearer)
    assert (again.status_code, again.json()["data"]["id"]) == (200, uid)
    assert len(rows(Contact, business)) == 1


def test_it_makes_one_contact_for_twenty_callers_at_once(
    client: Client, bearer: dict[str, str], lead: Taken, business: Business
) -> None:
    uid = lead()

    def call(_: int) -> tuple[int, str]:
        answer = client.post(f"/api/v1/leads/{uid}/convert", headers=bearer)
        return answer.status_code, answer.json()["data"]["id"]

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(call, range(20)))
    assert answers == {(200, uid)}
    assert (len(rows(Contact, business)), len(rows(Conversion, business))) == (1, 1)
    assert [job.kind for job in rows(Job, business)] == [JobKind.REATTACH]


def test_it_understands_an_integer_id(
    client: Client, bearer: dict[str, str], lead: Taken, business: Business
) -> None:
    uid = lead()
    answer = client.post(f"/api/v1/leads/{rows(Lead, business)[0].id}/convert", headers=bearer)
    assert answer.json()["data"]["id"] == uid
    made = client.get(f"/api/v1/contacts/{rows(Contact, business)[0].id}", headers=bearer)
    assert made.json()["data"]["id"] == uid


def test_it_tells_the_company_of_a_lead_that_has_one(
    client: Client, bearer: dict[str, str], lead: Taken, business: Business
) -> None:
    uid = lead()
    with transaction() as session:
        row = session.get_one(Lead, rows(Lead, business)[0].id)
        row.organization_name, row.website = "Analytical Engines", "https://www.engines.example.org/about"
    made = client.post(f"/api/v1/leads/{uid}/convert", headers=bearer).json()["data"]
    company = next(one for one in rows(Contact, business) if one.is_organization)
    assert made["id"] == uid
    assert made["company"] == {
        "domain": "engines.example.org",
        "id": company.uid,
        "name": "Analytical Engines",
    }
    assert (made["companyId"], made["companyName"]) == (company.uid, "Analytical Engines")


class TestLater:
    def test_it_says_where_to_look_and_what_became_of_it(
        self, client: Client, bearer: dict[str, str], lead: Taken, business: Business
    ) -> None:
        uid = lead()
        later = bearer | {"Prefer": "wait=5, Respond-Async"}
        answer = client.post(f"/api/v1/leads/{uid}/convert", headers=later)
        promised = answer.json()["data"]
        assert (answer.status_code, promised["state"]) == (202, "pending")
        assert answer.headers["location"] == promised["statusUrl"]
        assert answer.headers["preference-applied"] == "respond-async"
        path = f"/api/v1/conversions/{promised['id']}"
        assert promised["statusUrl"].endswith(path)
        waiting = client.get(path, headers=bearer).json()
        assert waiting["meta"]["pendingCount"] == 1
        assert waiting["data"]["leads"] == [
            {"contactId": None, "leadId": uid, "reason": "", "state": "pending"}
        ]
        job = next(job for job in rows(Job, business) if job.kind == JobKind.CONVERT)
        with transaction() as session:
            convert_item(session, job.subject_id)
        done = client.get(path, headers=bearer).json()
        assert (done["data"]["state"], done["meta"]["pendingCount"]) == ("complete", 0)
        assert done["data"]["leads"] == [
            {"contactId": uid, "leadId": uid, "reason": "", "state": "converted"}
        ]
        assert rows(Deal, business) == []

    def test_it_keeps_the_outcome_to_its_business(
        self, client: Client, bearer: dict[str, str], stranger: dict[str, str], lead: Taken
    ) -> None:
        later = bearer | {"Prefer": "respond-async"}
        path = client.post(f"/api/v1/leads/{lead()}/convert", headers=later).json()["data"]["id"]
        assert client.get(f"/api/v1/conversions/{path}", headers=stranger).status_code == 404


@pytest.mark.parametrize("reference", ["nobody", "0", "9" * 18, "9" * 40, "x" * 300, "%00", "%ED%A0%80", "²"])
def test_it_answers_404_to_an_unknown_lead(client: Client, bearer: dict[str, str], reference: str) -> None:
    answer = client.post(f"/api/v1/leads/{reference}/convert", headers=bearer)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


def test_it_keeps_leads_to_their_business(
    client: Client, bearer: dict[str, str], stranger: dict[str, str], lead: Taken, business: Business
) -> None:
    uid = lead()
    for reference in (uid, rows(Lead, business)[0].id):
        assert client.get(f"/api/v1/leads/{reference}", headers=stranger).status_code == 404
        assert client.post(f"/api/v1/leads/{reference}/convert", headers=stranger).status_code == 404
    assert rows(Contact, business) == []
