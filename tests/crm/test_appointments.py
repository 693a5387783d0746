"""Appointments as their callers make, change, delete and list them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.crm.agenda import appointed, at, listed, slot
from tests.crm.conftest import Member
from tests.workers.promised import execute


def test_it_works(grace: Member) -> None:
    slug = grace.lead()
    for number, path in enumerate(("/leads/create/appointment/", "/create/appointment")):
        assert grace.post(path, slug=slug, **slot(2 + number, appointment_note="Bring samples")) == {}
    first, second = listed(grace)
    assert first == {
        "id": first["id"],
        "lead_id": first["lead_id"],
        "lead": "Ada Lovelace",
        "leadslug": slug,
        "leadstatus": "prospect",
        "fromdate": at(2),
        "appointment_note": "Bring samples",
        "appointment_status": "pending",
        "todate": at(2, 10),
    }
    for path, one in (("/leads/update/appointment/", first), ("/update/appointment", second)):
        assert grace.post(path, appointment_id=one["id"], appointment_status="fullfilled") == {}
    assert [one["appointment_status"] for one in listed(grace)] == ["fullfilled", "fullfilled"]
    for path, one in (("/leads/delete/appointment/", first), ("/delete/appointment", second)):
        assert grace.post(path, appointment_id=one["id"]) == {}
    assert listed(grace) == []
    activities = grace.get("/view/lead/", slug=slug)["recent_activities"]
    assert activities[-1]["activity"] == f"Appointment made (- -> {at(2)} to {at(2, 10)})"


def test_it_has_the_contracts_defaults(grace: Member) -> None:
    slug = grace.lead()
    appointed(grace, slug)
    appointed(grace, slug, 3, appointment_note="  ", appointment_status="")
    told = {(one["appointment_note"], one["appointment_status"]) for one in listed(grace)}
    assert told == {("Prospect appointment", "pending")}


@pytest.mark.parametrize("kind", ["data", "json", "files"])
def test_row_5_it_reads_every_body(grace: Member, kind: str) -> None:
    fields = {"slug": grace.lead(), **slot()}
    sent: Any = {name: (None, value) for name, value in fields.items()} if kind == "files" else fields
    assert grace.ask("POST", "/create/appointment/", **{kind: sent}).json()["data"] == {}
    assert len(listed(grace)) == 1


def test_row_4_it_reads_the_query_and_the_body_and_the_body_wins(grace: Member) -> None:
    one = appointed(grace, grace.lead())
    query = {"appointment_id": one, "appointment_note": "by the query", "appointment_status": "confirmed"}
    assert grace.ask("POST", "/leads/update/appointment/", params=query).status_code == 200
    body = {"appointment_note": "by the body"}
    assert grace.ask("POST", "/leads/update/appointment/", params=query, data=body).status_code == 200
    [told] = listed(grace)
    assert (told["appointment_note"], told["appointment_status"]) == ("by the body", "confirmed")


@pytest.mark.parametrize(
    ("date", "time"), [(" ", "09:00"), (" ", "09-00"), ("T", "09:00"), (" ", "09:00:00"), ("T", "09-00-59")]
)
def test_row_10_it_reads_times_in_every_form(grace: Member, date: str, time: str) -> None:
    typed = at(2)[:10] + date + time
    grace.post("/create/appointment/", slug=grace.lead(), appointment_date=typed, appointment_to=at(2, 10))
    assert listed(grace)[0]["fromdate"] == at(2)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_row_10_it_speaks_of_the_clock_of_the_business(grace: Member, zone: str) -> None:
    execute("UPDATE business SET timezone = %s WHERE id = %s", zone, grace.business.id)
    fields = {"appointment_date": at(2, 23, 30, zone), "appointment_to": at(3, 0, 30, zone)}
    grace.post("/create/appointment/", slug=grace.lead(), **fields)
    [told] = listed(grace, datesetting="on", ondate=at(2, zone=zone)[:10])
    assert (told["fromdate"], told["todate"]) == tuple(fields.values())
    assert listed(grace, datesetting="after", ondate=at(2, zone=zone)[:10]) == []


def test_row_17_it_is_for_the_owner_of_the_lead_and_its_assignee(grace: Member, alan: Member) -> None:
    slug = grace.lead(assignee="alan")
    one, two = appointed(grace, slug, 2), appointed(alan, slug, 3)
    assert len(listed(grace)) == len(listed(alan)) == 2
    grace.post("/update/appointment/", appointment_id=two, appointment_note="seen")
    alan.post("/delete/appointment/", appointment_id=one)


def test_row_27_it_reads_both_spellings(grace: Member) -> None:
    one = appointed(grace, grace.lead())
    for spelling in ("fulfilled", "FullFilled"):
        grace.post("/update/appointment/", appointment_id=one, appointment_status=spelling)
        [told] = listed(grace, status=spelling)
        assert told["appointment_status"] == "fullfilled"


def test_row_28_it_gives_a_time_to_one_of_many_who_ask_at_once(grace: Member) -> None:
    fields = {"slug": grace.lead(), **slot()}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: grace.ask("POST", "/create/appointment/", data=fields), range(16)))
    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 15]
    refused = [answer.json()["errors"] for answer in answers if answer.status_code == 401]
    assert refused == [{"error": ["Appointment schedule exists for this time."]}] * 15


def test_row_28_it_leaves_the_hour_free_in_which_another_ends(grace: Member) -> None:
    slug = grace.lead()
    first = appointed(grace, slug, hour=9)
    appointed(grace, slug, hour=10)
    grace.post("/update/appointment/", appointment_id=first, appointment_date=at(hour=8, minute=30))
    grace.post("/update/appointment/", appointment_id=first, appointment_status="cancelled")
    appointed(grace, slug, hour=9)


def test_it_goes_to_another_lead(grace: Member) -> None:
    one = appointed(grace, grace.lead())
    other = grace.lead(first_name="Mary", email="mary@example.org")
    grace.post("/update/appointment/", appointment_id=one, slug=other)
    assert [(told["id"], told["leadslug"]) for told in listed(grace)] == [(int(one), other)]


def test_row_22_it_vanishes_with_its_lead_and_frees_the_calendar(grace: Member) -> None:
    slug = grace.lead()
    one = appointed(grace, slug)
    grace.post("/delete/lead/", slug=slug)
    assert listed(grace) == []
    errors = grace.errors("POST", "/update/appointment/", 400, data={"appointment_id": one})
    assert errors == {"appointment_id": ["Requested appointment not found."]}
    appointed(grace, grace.lead(first_name="Mary", email="mary@example.org"))


def test_it_stays_when_its_lead_is_converted(grace: Member) -> None:
    slug = grace.lead()
    one = appointed(grace, slug)
    lead_id = listed(grace)[0]["lead_id"]
    conversion = {"data": {"lead_id": lead_id}}
    bearer = {"Authorization": grace.headers["Authorization"], "User-Agent": "tests"}
    assert grace.client.post("/v2/lead_conversions", headers=bearer, json=conversion).status_code == 200
    grace.post("/update/appointment/", appointment_id=one, appointment_status="confirmed")
    assert [(told["id"], told["leadstatus"]) for told in listed(grace)] == [(int(one), "customer")]
