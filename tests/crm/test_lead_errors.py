"""Every refusal of seed 004 for leads and notes that are there already, or are not."""

import pytest

from tests.crm.conftest import ADA, Member
from tests.crm.test_create_lead_errors import BLANK, REQUIRED, ROWS

DELETE, UPDATE = "/leads/delete/lead/", "/leads/update/lead/"
ADD, DROP = "/leads/create/leadnote/", "/leads/delete/leadnote/"
UNKNOWN = ("ada-lovelace-999999999", "ada", "-1", "x-99999999999999999999", "é-１", "x" * 256 + "-1")


def view_error(member: Member, **query: str) -> dict[str, list[str]]:
    return member.errors("GET", "/leads/view/lead/", 400, params=query or None)


def note_of(member: Member, slug: str) -> str:
    member.post(ADD, slug=slug, note="Called")
    return str(member.get("/view/lead/", slug=slug)["notes"][0]["id"])


@pytest.mark.parametrize("query", [{}, {"slug": ""}, {"slug": " "}])
def test_it_works(grace: Member, query: dict[str, str]) -> None:
    assert view_error(grace, **query) == {"slug": ["This field is required and this may not be blank."]}


@pytest.mark.parametrize("slug", UNKNOWN)
def test_it_views_no_unknown_lead(grace: Member, slug: str) -> None:
    assert view_error(grace, slug=slug) == {"slug": ["Requested slug is invalid."]}


@pytest.mark.parametrize(("name", "value", "message"), ROWS)
def test_update_lead_refuses(grace: Member, name: str, value: str, message: str) -> None:
    fields = ADA | {"slug": grace.lead(), name: value}
    assert grace.errors("POST", UPDATE, 400, data=fields) == {name: [message]}


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        (None, REQUIRED),
        ("", BLANK),
        ("x" * 259, "Ensure this field has no more than 258 characters."),
    ],
)
def test_update_lead_needs_a_slug(grace: Member, slug: str | None, message: str) -> None:
    fields = ADA if slug is None else ADA | {"slug": slug}
    assert grace.errors("POST", UPDATE, 400, data=fields) == {"slug": [message]}


@pytest.mark.parametrize("name", ["first_name", "last_name", "email", "phone"])
def test_update_lead_needs_the_person(grace: Member, name: str) -> None:
    fields = {other: value for other, value in ADA.items() if other != name} | {"slug": grace.lead()}
    assert grace.errors("POST", UPDATE, 400, data=fields) == {name: [REQUIRED]}


@pytest.mark.parametrize("slug", UNKNOWN)
def test_update_lead_finds_no_unknown_lead(grace: Member, slug: str) -> None:
    fields = ADA | {"slug": slug}
    assert grace.errors("POST", UPDATE, 401, data=fields) == {"error": ["Requested lead does not esixt."]}


def test_update_lead_finds_no_deleted_lead(grace: Member) -> None:
    slug = grace.lead()
    grace.post(DELETE, slug=slug)
    errors = grace.errors("POST", UPDATE, 401, data=ADA | {"slug": slug})
    assert errors == {"error": ["Requested lead does not esixt."]}


def test_update_lead_is_for_the_owner(grace: Member, alan: Member) -> None:
    fields = ADA | {"slug": grace.lead(assignee="alan")}
    answer = alan.ask("POST", UPDATE, data=fields)
    assert answer.json()["errors"] == {"error": ["You are not owner of this lead."]}
    assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize("path", [DELETE, ADD])
def test_delete_lead_and_create_note_need_a_slug(grace: Member, path: str) -> None:
    note = {"note": "Called"} if path == ADD else {}
    assert grace.errors("POST", path, 400, data=note) == {"slug": [REQUIRED]}
    assert grace.errors("POST", path, 400, data={"slug": " "} | note) == {"slug": [BLANK]}
    for slug in UNKNOWN:
        errors = grace.errors("POST", path, 400, data={"slug": slug} | note)
        assert errors == {"slug": ["Requested lead not found."]}


@pytest.mark.parametrize("path", [DELETE, ADD])
def test_delete_lead_and_create_note_want_a_living_lead(grace: Member, path: str) -> None:
    slug = grace.lead()
    grace.post(DELETE, slug=slug)
    errors = grace.errors("POST", path, 400, data={"slug": slug, "note": "Called"})
    assert errors == {"slug": ["Requested lead already has a deleted status."]}


def test_delete_lead_is_for_the_owner(grace: Member, alan: Member) -> None:
    fields = {"slug": grace.lead(assignee="alan")}
    assert alan.errors("POST", DELETE, 401, data=fields) == {"error": ["You can't delete this lead."]}


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (None, REQUIRED),
        ("", BLANK),
        ("x" * 500, "Ensure this field has no more than 499 characters."),
    ],
)
def test_create_note_needs_a_note(grace: Member, note: str | None, message: str) -> None:
    fields = {"slug": grace.lead()} | ({} if note is None else {"note": note})
    assert grace.errors("POST", ADD, 400, data=fields) == {"note": [message]}


def test_create_note_takes_the_longest(grace: Member) -> None:
    grace.post(ADD, slug=grace.lead(), note="é" * 499)


def test_create_note_is_for_owner_and_assignee(grace: Member, alan: Member) -> None:
    fields = {"slug": grace.lead(), "note": "Called"}
    assert alan.errors("POST", ADD, 401, data=fields) == {"error": ["You can't add note on this lead."]}


@pytest.mark.parametrize(
    ("note_id", "message"),
    [
        (None, REQUIRED),
        ("", BLANK),
        ("999999999", "Requested note not found."),
        ("one", "Invalid note id."),
        ("-1", "Invalid note id."),
        ("1.5", "Invalid note id."),
        ("１", "Invalid note id."),
        ("9" * 19, "Invalid note id."),
    ],
)
def test_delete_note_needs_a_note(grace: Member, note_id: str | None, message: str) -> None:
    fields = {} if note_id is None else {"note_id": note_id}
    assert grace.errors("POST", DROP, 400, data=fields) == {"note_id": [message]}


def test_delete_note_is_for_owner_and_assignee(grace: Member, alan: Member) -> None:
    fields = {"note_id": note_of(grace, grace.lead())}
    assert alan.errors("POST", DROP, 401, data=fields) == {"error": ["You can't delete this note."]}


def test_another_business_finds_nothing(grace: Member, stranger: Member) -> None:
    slug = grace.lead()
    note_id = note_of(grace, slug)
    assert view_error(stranger, slug=slug) == {"slug": ["Requested slug is invalid."]}
    gone = {"slug": ["Requested lead not found."]}
    assert stranger.errors("POST", DELETE, 400, data={"slug": slug}) == gone
    assert stranger.errors("POST", ADD, 400, data={"slug": slug, "note": "Hello"}) == gone
    assert stranger.errors("POST", UPDATE, 401, data=ADA | {"slug": slug}) == {
        "error": ["Requested lead does not esixt."]
    }
    assert stranger.errors("POST", DROP, 400, data={"note_id": note_id}) == {
        "note_id": ["Requested note not found."]
    }
    assert stranger.get("/list/")["count"] == 0
    assert stranger.get("/overview/")["TotalLeads"] == 0
    assert grace.get("/view/lead/", slug=slug)["notes"][0]["note"] == "Called"
