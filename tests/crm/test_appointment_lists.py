"""Lists of appointments, and the overview's."""

from typing import Any

import pytest

from tests.appointments.made import day
from tests.crm.agenda import appointed, at, listed
from tests.crm.conftest import Member, data_of


def starts(told: list[dict[str, Any]]) -> list[str]:
    return [one["fromdate"] for one in told]


def american(days: int) -> str:
    return f"{day(days):%m/%d/%Y}"


@pytest.fixture
def agenda(grace: Member) -> Member:
    """Somebody with an appointment on each of three days to come, with two leads."""
    ada, mary = grace.lead(), grace.lead(first_name="Mary", email="mary@example.org")
    for days, slug in ((3, ada), (4, mary), (5, ada)):
        appointed(grace, slug, days)
    return grace


def test_it_works(agenda: Member) -> None:
    for path in ("/leads/appointments/list/", "/appointments/list"):
        page = agenda.get(path)
        assert (starts(page["results"]), page["count"]) == ([at(3), at(4), at(5)], 3)
        assert (page["previous"], page["next"]) == (None, None)


def test_it_pages(agenda: Member) -> None:
    page = agenda.get("/leads/appointments/list/", limit=2, lead="")
    assert (starts(page["results"]), page["count"]) == ([at(3), at(4)], 3)
    rest = data_of(
        agenda.client.get(page["next"].removeprefix("http://localhost:8000"), headers=agenda.headers)
    )
    assert (starts(rest["results"]), rest["next"]) == ([at(5)], None)
    assert "limit=2&offset=0" in rest["previous"]


@pytest.mark.parametrize("junk", ["-1", "ten", "", "1e3", "9" * 40])
def test_row_19_it_takes_junk_for_nothing(agenda: Member, junk: str) -> None:
    assert len(listed(agenda, limit=junk, offset=junk)) == 3


@pytest.mark.parametrize(
    ("side", "days"), [("on", [4]), ("before", [3]), ("after", [5]), ("On", [4]), ("", [3, 4, 5])]
)
@pytest.mark.parametrize("name", ["ondate", "dateon"])
def test_row_11_it_looks_beside_a_day(agenda: Member, side: str, days: list[int], name: str) -> None:
    for typed in (american(4), at(4)[:10]):
        assert starts(listed(agenda, **{"datesetting": side, name: typed})) == [at(one) for one in days]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"datesetting": "on"}, {"ondate": ["This field is required."]}),
        ({"datesetting": "on", "ondate": ""}, {"ondate": ["This field is required."]}),
        ({"datesetting": "on", "ondate": "31/12/2026"}, {"ondate": ["Invalid date format."]}),
        ({"datesetting": "before", "dateon": "2026-02-30"}, {"ondate": ["Invalid date format."]}),
        ({"datesetting": "near", "ondate": "12/31/2026"}, {"datesetting": ["Inavalid date settings."]}),
        ({"status": "maybe"}, {"status": ["Invalid appointment status."]}),
    ],
)
def test_row_11_it_refuses_a_day_that_is_none(
    grace: Member, query: dict[str, str], errors: dict[str, list[str]]
) -> None:
    assert grace.errors("GET", "/leads/appointments/list/", 400, params=query) == errors


def test_it_narrows_by_status_and_first_name(agenda: Member) -> None:
    first = listed(agenda)[0]["id"]
    agenda.post("/update/appointment/", appointment_id=first, appointment_status="confirmed")
    assert starts(listed(agenda, status="confirmed")) == [at(3)]
    assert starts(listed(agenda, lead="MARY")) == [at(4)]
    assert listed(agenda, lead="Mary", status="confirmed") == []
    assert listed(agenda, lead="%") == listed(agenda, lead="Lovelace") == []


def test_it_shows_nobody_elses(agenda: Member, alan: Member, stranger: Member) -> None:
    assert listed(alan) == listed(stranger) == []


def overview(member: Member, **query: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = member.get("/leads/overview/", **query)["appointments"]
    return told


def test_row_15_the_overview_shows_what_is_to_come(agenda: Member) -> None:
    told = overview(agenda)
    assert told == overview(agenda, appointment="upcoming") == overview(agenda, appointment="")
    assert told[0] == {
        "appointment_note": "Prospect appointment",
        "appointment_status": "pending",
        "appointment_date": at(3),
        "appointment_to": at(3, 10),
    }
    assert len(told) == 3


def test_the_overview_looks_through_windows(grace: Member) -> None:
    slug = grace.lead()
    far = appointed(grace, slug, 100)
    for window in ("today", "week", "month"):
        assert overview(grace, appointment=window) == []
    assert len(overview(grace, appointment="Upcoming")) == 1
    grace.post("/delete/appointment/", appointment_id=far)
    assert overview(grace) == []


def test_the_overview_knows_no_other_window(grace: Member) -> None:
    errors = grace.errors("GET", "/leads/overview/", 400, params={"appointment": "yesterday"})
    assert errors == {"appointment": ["Invalid appointment filter value."]}
