"""/v2/lead_conversions, seen from outside (wire.md 2.7, seed 001)."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from models.database import transact, transaction
from models.operations.reattach import reattach
from models.operations.staff import Hire, hire
from tests.sell.conftest import Seller
from tests.sell.test_contacts import fields
from tests.sell.test_leads import posted

ROOT = "http://localhost:8000/v2"


def lead_of(seller: Seller, **names: Any) -> int:
    number: int = seller.made("/leads", **(names or {"last_name": "Lovelace"}))["id"]
    return number


def test_it_works(seller: Seller) -> None:
    lead_id = lead_of(seller, last_name="Lovelace", organization_name="Engines", tags=["oak"])
    answer = seller.post("/lead_conversions", {"lead_id": lead_id})
    data, meta = answer.json()["data"], answer.json()["meta"]
    assert answer.status_code == 200
    assert data.keys() == {
        "id", "lead_id", "individual_id", "organization_id", "deal_id", "creator_id", "created_at",
    }  # fmt: skip
    assert data["lead_id"] == lead_id
    assert meta == {
        "type": "lead_conversion",
        "links": {
            "individual": f"{ROOT}/contacts/{data['individual_id']}",
            "organization": f"{ROOT}/contacts/{data['organization_id']}",
            "deal": f"{ROOT}/deals/{data['deal_id']}",
        },
    }
    made = {name: seller.get(link.removeprefix(ROOT)).json()["data"] for name, link in meta["links"].items()}
    assert made["individual"]["contact_id"] == made["organization"]["id"]
    assert made["organization"]["is_organization"] is True
    assert (made["deal"]["name"], made["deal"]["value"], made["deal"]["tags"]) == ("Engines", 0, ["oak"])


def test_it_takes_the_lead_from_the_leads(seller: Seller) -> None:
    lead_id = lead_of(seller)
    conversion = seller.made("/lead_conversions", lead_id=lead_id)
    assert seller.get(f"/leads/{lead_id}").status_code == 404
    assert seller.put(f"/leads/{lead_id}", {"title": "x"}).status_code == 404
    assert seller.listed("/leads") == []
    assert seller.listed("/lead_conversions", lead_id=lead_id) == [conversion]


def test_it_makes_no_deal_where_none_is_wanted(seller: Seller) -> None:
    sent = {"lead_id": lead_of(seller), "create_deal": False}
    answer = seller.post("/lead_conversions", sent).json()
    assert answer["data"]["deal_id"] is None
    assert answer["meta"]["links"]["deal"] is None
    assert answer["meta"]["links"]["organization"] is None


def test_it_gives_everything_to_the_wanted_owner(seller: Seller) -> None:
    with transaction() as session:
        grace = hire(session, Hire(business=seller.business.uid, username="grace", name="Grace"))
    conversion = seller.made("/lead_conversions", lead_id=lead_of(seller), owner_id=grace.id)
    assert seller.get(f"/contacts/{conversion['individual_id']}").json()["data"]["owner_id"] == grace.id
    assert seller.get(f"/deals/{conversion['deal_id']}").json()["data"]["owner_id"] == grace.id
    answer = seller.post("/lead_conversions", {"lead_id": lead_of(seller), "owner_id": 10**17})
    assert fields(answer) == [("/owner_id", "incorrect_value")]


def test_it_answers_the_first_conversion_again(seller: Seller) -> None:
    lead_id = lead_of(seller)
    first = seller.post("/lead_conversions", {"lead_id": lead_id})
    again = seller.post("/lead_conversions", {"lead_id": lead_id, "create_deal": False})
    assert again.status_code == 200
    assert again.json() == first.json()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, [("/lead_id", "missing")]),
        ({"lead_id": None}, [("/lead_id", "missing")]),
        ({"lead_id": "x"}, [("/lead_id", "invalid_type")]),
        ({"lead_id": 10**17}, [("/lead_id", "incorrect_value")]),
        ({"lead_id": 1, "create_deal": "perhaps"}, [("/create_deal", "invalid_type")]),
        ({"lead_ids": [1]}, [("/lead_ids", "unknown"), ("/lead_id", "missing")]),
    ],
)
def test_it_refuses_what_cannot_be_converted(
    seller: Seller, sent: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    answer = seller.post("/lead_conversions", sent)
    assert answer.status_code == 422
    assert fields(answer) == told


def converted(seller: Seller, count: int) -> list[int]:
    """The ids of so many conversions, the newest first."""
    ids = [seller.made("/lead_conversions", lead_id=lead_of(seller))["id"] for _ in range(count)]
    return ids[::-1]


def test_it_lists_the_newest_first_and_goes_on_by_cursor(seller: Seller) -> None:
    ids, seen, path = converted(seller, 5), [], "/lead_conversions?per_page=2"
    while path:
        document = seller.get(path).json()
        seen += [item["data"]["id"] for item in document["items"]]
        links = document["meta"]["links"]
        path = links.get("next_page", "").removeprefix(ROOT)
        assert links.keys() == ({"next_page"} if path else set())
    assert seen == ids


def test_it_lists_by_page_too(seller: Seller) -> None:
    ids = converted(seller, 3)
    pages = [seller.listed("/lead_conversions", per_page=2, page=page) for page in (1, 2, 3, 50)]
    assert [[one["id"] for one in page] for page in pages] == [ids[:2], ids[2:], [], []]
    assert seller.get("/lead_conversions?page=51").status_code == 400


def test_it_makes_cursors_as_the_contracts_sample_is(seller: Seller) -> None:
    ids = converted(seller, 2)
    link = seller.get("/lead_conversions?per_page=1").json()["meta"]["links"]["next_page"]
    cursor = base64.b64encode(f'{{"last_id":{ids[0]}}}\n'.encode()).decode()
    assert link == f"{ROOT}/lead_conversions?cursor={quote(cursor, safe='')}&per_page=1"


def test_it_keeps_the_filters_in_its_links(seller: Seller) -> None:
    creator = seller.get("/users/self").json()["data"]["id"]
    ids = converted(seller, 3)
    link = seller.get(f"/lead_conversions?per_page=2&creator_id={creator}").json()["meta"]["links"][
        "next_page"
    ]
    assert f"creator_id={creator}" in link
    assert [one["id"] for one in seller.listed(link.removeprefix(ROOT))] == ids[2:]


def test_it_lets_notes_and_tasks_follow(seller: Seller) -> None:
    lead_id = lead_of(seller, last_name="Lovelace", organization_name="Engines")
    on_lead = {"resource_type": "lead", "resource_id": lead_id, "content": "Call"}
    before = {path: seller.made(path, **on_lead) for path in ("/notes", "/tasks")}
    conversion = seller.made("/lead_conversions", lead_id=lead_id)
    transact(reattach, conversion["id"])
    individual = {"resource_type": "contact", "resource_id": conversion["individual_id"]}
    for path, sent in before.items():
        assert seller.listed(path, **individual) == [{**sent, **individual}]
        for followed in (("contact", conversion["organization_id"]), ("deal", conversion["deal_id"])):
            shown = seller.listed(path, resource_type=followed[0], resource_id=followed[1])
            assert [one["id"] for one in shown] == [sent["id"]]
        assert seller.listed(path, resource_type="lead") == []
        changed = seller.put(f"{path}/{sent['id']}", {"content": "Called"}).json()["data"]
        assert changed["resource_id"] == conversion["individual_id"]


def encoded(document: object) -> str:
    return base64.b64encode((json.dumps(document, separators=(",", ":")) + "\n").encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "====", "\u00e9", encoded({"last_id": "1"}), encoded({"last_id": True}), encoded([1]),
     encoded({"last_id": 1, "business_id": 2}), encoded({"last_id": 10**30}), encoded({"last_id": -1}),
     base64.b64encode(b"[" * 5000).decode()],
)  # fmt: skip
def test_it_refuses_a_cursor_that_it_did_not_make(seller: Seller, cursor: str) -> None:
    answer = seller.get("/lead_conversions", params={"cursor": cursor})
    assert answer.status_code == 400
    assert [one["error"]["code"] for one in answer.json()["errors"]] == ["invalid_param"]


def test_it_finds_a_conversion_by_what_it_made(seller: Seller) -> None:
    lead_id = lead_of(seller, last_name="x", organization_name="y")
    conversion = seller.made("/lead_conversions", lead_id=lead_id)
    converted(seller, 2)
    for column in ("lead_id", "individual_id", "organization_id", "deal_id"):
        assert seller.listed("/lead_conversions", **{column: conversion[column]}) == [conversion]
    assert len(seller.listed("/lead_conversions", creator_id=conversion["creator_id"])) == 3
    assert seller.listed("/lead_conversions", deal_id=10**17) == []
    assert seller.get("/lead_conversions?deal_id=x").status_code == 400


def test_it_takes_a_conversion_back(seller: Seller) -> None:
    lead_id = lead_of(seller)
    conversion = seller.made("/lead_conversions", lead_id=lead_id)
    answer = seller.delete(f"/lead_conversions/{conversion['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert seller.get(f"/leads/{lead_id}").status_code == 200
    assert seller.get(f"/contacts/{conversion['individual_id']}").status_code == 404
    assert seller.listed("/lead_conversions") == []
    assert seller.delete(f"/lead_conversions/{conversion['id']}").status_code == 404


def test_it_names_what_somebody_has_worked_on(seller: Seller) -> None:
    conversion = seller.made("/lead_conversions", lead_id=lead_of(seller))
    seller.put(f"/deals/{conversion['deal_id']}", {"value": 5})
    answer = seller.delete(f"/lead_conversions/{conversion['id']}")
    assert answer.status_code == 422
    assert f"deal {conversion['deal_id']}" in answer.json()["errors"][0]["error"]["details"]


def test_it_converts_a_lead_of_another_tongue(seller: Seller) -> None:
    lead = posted(seller)
    conversion = seller.made("/lead_conversions", lead_id=lead.id)
    contact = seller.get(f"/contacts/{conversion['individual_id']}").json()["data"]
    assert (contact["name"], contact["email"]) == ("Grace", "grace@example.org")
    assert seller.put(f"/contacts/{contact['id']}", contact).json()["data"] == contact
