"""/v2/notes and /v2/tasks, seen from outside (wire.md 2.5)."""

from typing import Any

import pytest

from tests.sell.conftest import Seller
from tests.sell.test_contacts import fields
from tests.sell.test_deals import deal_of


def owners(seller: Seller) -> list[tuple[str, int]]:
    """One record of each type that can have notes."""
    deal = deal_of(seller)
    lead = seller.made("/leads", last_name="x")
    return [("lead", lead["id"]), ("contact", deal["contact_id"]), ("deal", deal["id"])]


def on(owner: tuple[str, int], content: str, **more: Any) -> dict[str, Any]:
    return {"resource_type": owner[0], "resource_id": owner[1], "content": content, **more}


def test_it_works(seller: Seller) -> None:
    for owner in owners(seller):
        note = seller.made("/notes", **on(owner, "Called", is_important=True, tags=["oak"]))
        assert (note["resource_type"], note["resource_id"]) == owner
        assert (note["content"], note["is_important"], note["type"]) == ("Called", True, "regular")
        assert seller.get(f"/notes/{note['id']}").json() == {"data": note, "meta": {"type": "note"}}
        assert seller.listed("/notes", resource_type=owner[0], resource_id=owner[1]) == [note]
        assert seller.listed("/notes", resource_type=owner[0]) == [note]
        assert seller.put(f"/notes/{note['id']}", note).json()["data"] == note
    assert len(seller.listed("/notes")) == 3


@pytest.mark.parametrize("path", ["/notes", "/tasks"])
def test_it_stands_only_on_what_there_is(seller: Seller, stranger: Seller, path: str) -> None:
    foreign = owners(stranger)
    for owner in [*foreign, ("contact", 10**17)]:
        assert fields(seller.post(path, on(owner, "x"))) == [("/resource_id", "incorrect_value")]
    assert fields(seller.post(path, on(("planet", 1), "x"))) == [("/resource_type", "incorrect_value")]
    lead = seller.made("/leads", last_name="x")
    seller.made("/lead_conversions", lead_id=lead["id"])
    gone = on(("lead", lead["id"]), "x")
    assert fields(seller.post(path, gone)) == [("/resource_id", "incorrect_value")]


def test_it_names_what_a_note_lacks(seller: Seller) -> None:
    assert fields(seller.post("/notes", {"content": "x"})) == [("/resource_id", "missing")]
    assert fields(seller.post("/notes", {"content": "x", "resource_type": "lead"})) == [
        ("/resource_id", "missing")
    ]
    assert fields(seller.post("/notes", {})) == [("/content", "missing")]


@pytest.mark.parametrize(
    ("query", "found"), [("oak", 1), ("OAK", 1), ("100%", 1), ("%", 1), ("_", 0), ("pine", 0), ("\\", 0)]
)
def test_it_finds_notes_by_their_words(seller: Seller, query: str, found: int) -> None:
    owner = owners(seller)[0]
    seller.made("/notes", **on(owner, "Wants oak chairs"))
    seller.made("/notes", **on(owner, "Is 100% sure"))
    assert len(seller.listed("/notes", q=query)) == found


def test_it_needs_a_type_to_an_id(seller: Seller) -> None:
    assert seller.get("/notes?resource_id=1").status_code == 400
    assert seller.get("/notes?resource_type=planet").status_code == 400
    assert seller.listed("/notes", resource_type="lead", resource_id=10**17) == []


def test_it_moves_and_ends_a_note(seller: Seller) -> None:
    lead, contact, _ = owners(seller)
    note = seller.made("/notes", **on(lead, "Called"))
    moved = {"resource_type": contact[0], "resource_id": contact[1]}
    assert seller.put(f"/notes/{note['id']}", moved).json()["data"]["resource_type"] == "contact"
    assert seller.listed("/notes", resource_type="lead") == []
    assert seller.delete(f"/notes/{note['id']}").status_code == 204
    assert seller.listed("/notes") == []


def test_it_knows_tasks(seller: Seller) -> None:
    lead = owners(seller)[0]
    sent = on(lead, "Call", due_date="2014-09-27T16:32:56+02:00", remind_at="2014-09-29T15:32:56Z")
    task = seller.made("/tasks", **sent)
    assert (task["due_date"], task["overdue"], task["completed"]) == ("2014-09-27T14:32:56Z", True, False)
    assert task["owner_id"] == task["creator_id"]
    assert seller.put(f"/tasks/{task['id']}", task).json()["data"] == task
    done = seller.put(f"/tasks/{task['id']}", {"completed": True}).json()["data"]
    assert (done["completed"], done["overdue"]) == (True, False)
    assert done["completed_at"]
    again = seller.put(f"/tasks/{task['id']}", {"completed": False}).json()["data"]
    assert again["completed_at"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"floating", "related", "late"}),
        ({"type": "floating"}, {"floating", "late"}),
        ({"type": "related"}, {"related"}),
        ({"overdue": "true"}, {"late"}),
        ({"overdue": "false"}, {"floating", "related"}),
        ({"completed": "true"}, {"related"}),
        ({"remind": "true"}, {"floating"}),
        ({"remind": "false"}, {"related", "late"}),
        ({"resource_type": "contact"}, set()),
        ({"resource_type": "lead"}, {"related"}),
        ({"q": "flo"}, {"floating"}),
    ],
)
def test_it_finds_tasks(seller: Seller, query: dict[str, str], found: set[str]) -> None:
    seller.made("/tasks", content="floating", remind_at="2030-01-01T00:00:00Z")
    seller.made("/tasks", content="late", due_date="2014-09-27")
    seller.made("/tasks", **on(owners(seller)[0], "related", completed=True))
    assert {task["content"] for task in seller.listed("/tasks", **query)} == found


def test_it_lets_a_task_float(seller: Seller) -> None:
    task = seller.made("/tasks", **on(owners(seller)[0], "x"))
    floating = {"resource_type": None, "resource_id": None}
    assert seller.put(f"/tasks/{task['id']}", floating).json()["data"]["resource_id"] is None


@pytest.mark.parametrize("when", ["tomorrow", 5, "2014-13-01", "0001-01-01T00:00:00+14:00"])
def test_it_refuses_what_is_no_time(seller: Seller, when: object) -> None:
    assert fields(seller.post("/tasks", {"content": "x", "due_date": when})) == [
        ("/due_date", "invalid_type")
    ]
