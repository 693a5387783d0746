"""A lead of this tongue, converted by another, is seen here as a customer with its history."""

import pytest

from tests.crm.conftest import ADA, Member
from tests.crm.test_messages import owed
from workers.run import run

BY_SELL, BY_NATEQ = "sell", "nateq"


def convert(member: Member, tongue: str, slug: str) -> None:
    bearer = {"Authorization": f"Bearer {member.token}", "User-Agent": "test"}
    lead_id = slug.rpartition("-")[2]
    if tongue == BY_SELL:
        document = {"data": {"lead_id": int(lead_id)}}
        answer = member.client.post("/v2/lead_conversions", headers=bearer, json=document)
    else:
        answer = member.client.post(f"/api/v1/leads/{lead_id}/convert", headers=bearer)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("tongue", [BY_SELL, BY_NATEQ])
def test_it_works(grace: Member, tongue: str) -> None:
    slug = grace.lead(status="tentative")
    grace.post("/create/leadnote/", slug=slug, note="Called")
    convert(grace, tongue, slug)
    run([job.id for job in owed(grace) if job.kind == "reattach"])
    viewed = grace.get("/view/lead/", slug=slug)
    assert (viewed["status"], viewed["conversion"], viewed["message"]) == ("customer", 100, ADA["message"])
    assert [note["note"] for note in viewed["notes"]] == ["Called"]
    [listed] = grace.get("/list/", status="customer")["results"]
    assert (listed["slug"], listed["status"]) == (slug, "customer")
    statuses = {one["status"]: one["count"] for one in grace.get("/overview/")["LeadsData"]["status"]}
    assert (statuses["customer"], statuses["tentative"]) == (1, 0)


def test_it_takes_notes_that_are_the_contacts_too(grace: Member) -> None:
    slug = grace.lead()
    convert(grace, BY_SELL, slug)
    run([job.id for job in owed(grace) if job.kind == "reattach"])
    grace.post("/create/leadnote/", slug=slug, note="Paid")
    bearer = {"Authorization": f"Bearer {grace.token}", "User-Agent": "test"}
    notes = grace.client.get("/v2/notes?resource_type=contact", headers=bearer).json()["items"]
    assert [item["data"]["content"] for item in notes] == ["Paid"]


def test_it_can_be_changed_and_deleted_still(grace: Member) -> None:
    slug = grace.lead()
    convert(grace, BY_SELL, slug)
    grace.post("/update/lead/", slug=slug, **ADA | {"first_name": "Augusta", "status": "closed"})
    viewed = grace.get("/view/lead/", slug=slug)
    assert (viewed["first_name"], viewed["status"]) == ("Augusta", "customer")
    grace.post("/delete/lead/", slug=slug)
    assert grace.get("/list/")["count"] == grace.get("/overview/")["TotalLeads"] == 0
