"""Every error of the appointments' endpoints, in the contract's words."""

from typing import Any

import pytest

from tests.crm.agenda import appointed, at, listed, slot
from tests.crm.conftest import Member
from tests.workers.promised import execute

CREATE, UPDATE, DELETE = (f"/leads/{verb}/appointment/" for verb in ("create", "update", "delete"))
REQUIRED = ["This field is required."]
BLANK = ["This field is may not be blank."]
BAD_DATE = ["Invalid date format."]


@pytest.mark.parametrize("path", [CREATE, UPDATE])
def test_row_6_nothing_at_all_is_no_body(grace: Member, path: str) -> None:
    nothing: list[dict[str, Any]] = [{}, {"data": {"colour": "red"}}, {"json": {}}]
    for sent in nothing:
        answer = grace.ask("POST", path, **sent)
        assert (answer.status_code, "www-authenticate" in answer.headers) == (401, False)
        assert answer.json()["errors"] == {"error": ["Body data not found."]}


def test_row_6_one_field_asks_for_the_others(grace: Member) -> None:
    missing = {"slug": REQUIRED, "appointment_date": REQUIRED, "appointment_to": REQUIRED}
    assert grace.errors("POST", CREATE, 400, data={"appointment_note": "x"}) == missing
    assert grace.errors("POST", UPDATE, 400, data={"slug": grace.lead()}) == {"appointment_id": REQUIRED}
    assert grace.errors("POST", DELETE, 400) == {"appointment_id": REQUIRED}


def test_row_8_blanks_are_refused_in_these_words(grace: Member) -> None:
    blanks = {"slug": " ", "appointment_date": "", "appointment_to": ""}
    refused = dict.fromkeys(blanks, BLANK)
    assert grace.errors("POST", CREATE, 400, data=blanks) == refused
    blank_id = {"appointment_id": ""}
    assert grace.errors("POST", UPDATE, 400, data=blanks | blank_id) == refused | {"appointment_id": BLANK}
    assert grace.errors("POST", DELETE, 400, data=blank_id) == {"appointment_id": BLANK}
    assert grace.errors("POST", UPDATE, 400, json={"appointment_id": None}) == {"appointment_id": BLANK}


@pytest.mark.parametrize("path", [CREATE, UPDATE])
def test_row_21_an_unknown_slug_is_invalid(grace: Member, stranger: Member, path: str) -> None:
    own = {"appointment_id": appointed(grace, grace.lead())} if path == UPDATE else {}
    for slug in ("nobody-1", "nobody", "-", "x" * 5000, f"ada-{'9' * 30}", "ünknown-²", stranger.lead()):
        errors = grace.errors("POST", path, 400, data={"slug": slug, **slot(3), **own})
        assert errors == {"slug": ["Requested slug is invalid."]}


def test_row_22_a_deleted_leads_slug_is_invalid(grace: Member) -> None:
    slug = grace.lead()
    grace.post("/delete/lead/", slug=slug)
    errors = grace.errors("POST", CREATE, 400, data={"slug": slug, **slot()})
    assert errors == {"slug": ["Requested slug is invalid."]}


def test_row_17_no_appointment_under_somebody_elses_lead(grace: Member, alan: Member) -> None:
    refused = {"slug": ["You can't take appointment under this lead."]}
    slug, own = grace.lead(), appointed(alan, alan.lead(email="mary@example.org"))
    assert alan.errors("POST", CREATE, 400, data={"slug": slug, **slot()}) == refused
    assert alan.errors("POST", UPDATE, 400, data={"appointment_id": own, "slug": slug}) == refused


def test_row_17_no_change_to_somebody_elses_appointment(grace: Member, alan: Member) -> None:
    fields = {"appointment_id": appointed(grace, grace.lead())}
    errors = {path: alan.errors("POST", path, 401, data=fields) for path in (UPDATE, DELETE)}
    assert errors == {
        UPDATE: {"error": ["You can't update this appointment."]},
        DELETE: {"error": ["You can't delete this appointment."]},
    }


@pytest.mark.parametrize(
    "typed",
    [
        *("tomorrow", "2027-01-01", "01/01/2027 10:00", "2027-02-30 10:00", "2027-01-01 24:00"),
        *("2027-01-01 9:00", "2027-01-01 10:00+01:00", "2027-01-01 10:00:60", "2027-01-01 10:00-30"),
        *("2027-01-01  10:00", "２０２７-01-01 10:00", "0000-01-01 10:00", "0001-01-01 00:00"),
        *("9999-12-31 23:59", "10000-01-01 10:00"),
    ],
)
def test_row_10_a_time_that_is_none_is_refused(grace: Member, typed: str) -> None:
    slug = grace.lead()
    both = {"appointment_date": typed, "appointment_to": typed}
    refused = {"appointment_date": BAD_DATE, "appointment_to": BAD_DATE}
    assert grace.errors("POST", CREATE, 400, data={"slug": slug} | both) == refused
    assert (
        grace.errors("POST", UPDATE, 400, data={"appointment_id": appointed(grace, slug)} | both) == refused
    )


def test_its_note_and_its_status_have_limits(grace: Member) -> None:
    slug = grace.lead()
    wrong = {"appointment_note": "x" * 201, "appointment_status": "maybe"}
    refused = {
        "appointment_note": ["Ensure this field has no more than 200 characters."],
        "appointment_status": ["Invalid appointment status."],
    }
    assert grace.errors("POST", CREATE, 400, data={"slug": slug, **slot(), **wrong}) == refused
    own = {"appointment_id": appointed(grace, slug, appointment_note="ü" * 200)}
    assert grace.errors("POST", UPDATE, 400, data=own | wrong) == refused


def test_row_28_its_time_may_be_taken(grace: Member) -> None:
    taken = {"error": ["Appointment schedule exists for this time."]}
    slug = grace.lead()
    appointed(grace, slug)
    other = appointed(grace, slug, 3)
    assert grace.errors("POST", CREATE, 401, data={"slug": slug, **slot()}) == taken
    assert grace.errors("POST", UPDATE, 401, data={"appointment_id": other, **slot()}) == taken


def test_it_ends_after_it_begins(grace: Member) -> None:
    refused = {"error": ["End Date Can't be prior to Start Date."]}
    slug = grace.lead()
    own = {"appointment_id": appointed(grace, slug)}
    for ends in (at(2, 11), at(1)):
        times = {"appointment_date": at(2, 11), "appointment_to": ends}
        assert grace.errors("POST", CREATE, 401, data={"slug": slug} | times) == refused
        assert grace.errors("POST", UPDATE, 401, data=own | times) == refused


def test_row_29_a_date_is_in_the_future_where_one_is_sent(grace: Member) -> None:
    refused = {"error": ["Please Specify a date in the future."]}
    slug = grace.lead()
    own = {"appointment_id": appointed(grace, slug)}
    past = {"appointment_date": at(-1), "appointment_to": at(3)}
    assert grace.errors("POST", CREATE, 401, data={"slug": slug} | past) == refused
    assert grace.errors("POST", UPDATE, 401, data=own | past) == refused
    execute(
        "UPDATE appointment SET starts_at = starts_at - interval '9 days',"
        " ends_at = ends_at - interval '9 days' WHERE id = %s",
        int(own["appointment_id"]),
    )
    grace.post(UPDATE, **own, appointment_note="Went well", appointment_status="fullfilled")
    assert listed(grace)[0]["appointment_note"] == "Went well"
    assert grace.errors("POST", UPDATE, 401, data=own | {"appointment_to": at(3)}) == refused


@pytest.mark.parametrize("path", [UPDATE, DELETE])
def test_its_id_must_be_one(grace: Member, stranger: Member, path: str) -> None:
    for typed in ("one", "1.5", "-1", "²", "1 2", "9" * 30):
        errors = grace.errors("POST", path, 400, data={"appointment_id": typed})
        assert errors == {"appointment_id": ["Invalid appointment id."]}
    gone = appointed(grace, grace.lead())
    grace.post(DELETE, appointment_id=gone)
    for unknown in ("0", "9" * 18, gone, appointed(stranger, stranger.lead())):
        errors = grace.errors("POST", path, 400, data={"appointment_id": unknown})
        assert errors == {"appointment_id": ["Requested appointment not found."]}


@pytest.mark.parametrize("path", [CREATE, UPDATE, DELETE])
@pytest.mark.parametrize("value", [[1], {"a": 1}, True, "a\0b", "\ud800"])
def test_it_refuses_what_is_no_text(grace: Member, path: str, value: object) -> None:
    names = ("appointment_id", "slug", "appointment_date", "appointment_to", "appointment_note")
    body = {"appointment_status": "pending"} | dict.fromkeys(names, value)
    if value == "\ud800":
        answer = grace.ask(
            "POST",
            path,
            content=b'{"appointment_id": "\\ud800"}',
            headers={"Content-Type": "application/json"},
        )
    else:
        answer = grace.ask("POST", path, json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_it_needs_the_scope(grace: Member) -> None:
    execute("UPDATE token SET scopes = '{leads:read}' WHERE user_id = %s", grace.user_id)
    for path in (CREATE, UPDATE, DELETE):
        assert grace.ask("POST", path, data={"appointment_id": "1"}).status_code == 403
    assert listed(grace) == []
