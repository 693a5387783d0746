"""/v2/leads, seen from outside (wire.md 2.5; identities: house.md part 5)."""

from typing import Any

import pytest
from sqlmodel import col, select

from models.activity import Activity
from models.database import transaction
from models.label import Tag
from models.lead import Identity, Lead
from tests.sell.conftest import Seller

FULL = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "organization_name": "Analytical Engines",
    "status": "Working",
    "title": "Countess",
    "description": "Knows Mr Babbage",
    "industry": "Computing",
    "website": "https://example.org",
    "email": "ada@example.org",
    "phone": "(415) 555-0123",
    "mobile": "508-778-6516",
    "fax": "+44-208-1234567",
    "twitter": "ada",
    "facebook": "ada",
    "linkedin": "ada",
    "skype": "ada",
    "tags": ["oak", "vip"],
    "custom_fields": {"Wood": "oak", "Pieces": 20},
    "address": {
        "line1": "12 St James's Square", "city": "London", "postal_code": "SW1Y", "state": None,
        "country": "GB",
    },
}  # fmt: skip


def posted(seller: Seller, **more: str) -> Lead:
    """A lead that came by vcita's tongue."""
    body = {"identifier_type": "email", "email": "grace@example.org", "first_name": "Grace",
            "request_title": "A desk", **more}  # fmt: skip
    answer = seller.client.post(
        "/platform/v1/leadgen", json=body, headers={"Authorization": f"Bearer {seller.token}"}
    )
    with transaction() as session:
        return session.exec(select(Lead).where(Lead.uid == answer.json()["uid"])).one()


def lines(seller: Seller) -> list[Activity]:
    with transaction() as session:
        query = select(Activity).where(Activity.business_id == seller.business.id)
        return list(session.exec(query.order_by(col(Activity.id))))


def test_it_works(seller: Seller) -> None:
    answer = seller.post("/leads", FULL)
    lead = answer.json()["data"]
    assert answer.status_code == 200
    assert answer.json()["meta"] == {"type": "lead"}
    assert {name: lead[name] for name in FULL} == FULL
    assert isinstance(lead["id"], int)
    assert lead["created_at"].endswith("Z")
    assert seller.get(f"/leads/{lead['id']}").json() == answer.json()
    assert seller.listed("/leads") == [lead]


def test_it_takes_back_a_whole_echoed_lead(seller: Seller) -> None:
    lead = seller.made("/leads", **FULL)
    assert seller.put(f"/leads/{lead['id']}", lead).json()["data"] == lead
    assert len(lines(seller)) == 1


def test_it_changes_only_what_is_named(seller: Seller) -> None:
    lead = seller.made("/leads", **FULL)
    sent = {"email": "ada@example.com", "tags": ["pine"], "phone": None, "address": {"city": "Paris"},
            "custom_fields": {"Pieces": None, "Colour": "red"}}  # fmt: skip
    changed = seller.put(f"/leads/{lead['id']}", sent).json()["data"]
    untouched = FULL.keys() - sent.keys()
    assert {name: changed[name] for name in untouched} == {name: FULL[name] for name in untouched}
    assert (changed["email"], changed["tags"], changed["phone"]) == ("ada@example.com", ["pine"], None)
    assert changed["custom_fields"] == {"Wood": "oak", "Colour": "red"}
    assert (changed["address"]["line1"], changed["address"]["city"]) == ("12 St James's Square", "Paris")


def test_it_asks_for_one_of_two_names(seller: Seller) -> None:
    errors = seller.post("/leads", {}).json()["errors"]
    assert [(one["error"]["field"], one["error"]["code"]) for one in errors] == [("/last_name", "missing")]
    company = seller.made("/leads", organization_name="Acme")
    assert seller.put(f"/leads/{company['id']}", {"organization_name": None}).status_code == 422
    assert seller.put(f"/leads/{company['id']}", {"status": "Working"}).status_code == 200


def test_it_makes_a_second_lead_with_a_known_address(seller: Seller) -> None:
    first = posted(seller)
    second = seller.made("/leads", last_name="Hopper", email="grace@example.org")
    third = seller.made("/leads", last_name="Hopper", email="grace@example.org")
    assert len({first.id, second["id"], third["id"]}) == 3
    assert posted(seller).id == first.id


def test_it_lets_a_lead_be_known_by_an_address_that_was_free(seller: Seller) -> None:
    lead = seller.made("/leads", last_name="Hopper", email="Grace@Example.org")
    assert posted(seller, email="grace@example.org").id == lead["id"]


def test_it_follows_a_changed_address(seller: Seller) -> None:
    lead = seller.made("/leads", last_name="Hopper", email="old@example.org")
    seller.put(f"/leads/{lead['id']}", {"email": "grace@example.org"})
    assert posted(seller).id == lead["id"]
    assert posted(seller, email="old@example.org").id != lead["id"]


def test_it_lets_the_address_of_a_deleted_lead_make_a_new_one(seller: Seller) -> None:
    first = posted(seller, identifier_type="email")
    assert seller.delete(f"/leads/{first.id}").status_code == 204
    assert seller.get(f"/leads/{first.id}").status_code == 404
    assert seller.delete(f"/leads/{first.id}").status_code == 404
    assert posted(seller).id != first.id
    with transaction() as session:
        assert session.exec(select(Identity).where(Identity.lead_id == first.id)).first() is None


def test_it_shows_a_lead_of_another_tongue(seller: Seller) -> None:
    lead = posted(seller, address="12 St James's Square", phone="+14155550123")
    shown = seller.get(f"/leads/{lead.id}").json()["data"]
    assert shown["address"]["line1"] == "12 St James's Square"
    assert shown["last_name"] is None
    changed = seller.put(f"/leads/{lead.id}", {"address": {"city": "London"}}).json()["data"]
    assert (changed["address"]["line1"], changed["address"]["city"]) == ("12 St James's Square", "London")
    assert seller.put(f"/leads/{lead.id}", changed).json()["data"] == changed
    with transaction() as session:
        assert session.get_one(Lead, lead.id).address == "12 St James's Square, London"


def test_it_makes_tags_that_the_business_did_not_know(seller: Seller, stranger: Seller) -> None:
    seller.made("/leads", last_name="x", tags=["oak"])
    seller.made("/leads", last_name="y", tags=["oak", "vip"])
    with transaction() as session:
        found = session.exec(select(Tag.name).where(Tag.business_id == seller.business.id)).all()
    assert sorted(found) == ["oak", "vip"]
    assert stranger.listed("/tags") == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"email": "ADA@example.org"}, ["Lovelace"]),
        ({"phone": "+1 415 555 0123"}, ["Lovelace"]),
        ({"phone": "(415) 555-0123"}, ["Lovelace"]),
        ({"mobile": "508-778-6516"}, ["Lovelace"]),
        ({"organization_name": "Analytical Engines", "first_name": "Ada"}, ["Lovelace"]),
        ({"address[city]": "London", "address[country]": "GB"}, ["Lovelace"]),
        ({"custom_fields[Wood]": "oak"}, ["Lovelace"]),
        ({"custom_fields[Pieces]": "20"}, ["Lovelace"]),
        ({"status": "New"}, ["Byron"]),
        ({"last_name": "byron"}, []),
        ({"custom_fields[Wood]": "pine"}, []),
        ({"sort_by": "last_name"}, ["Byron", "Lovelace"]),
        ({"sort_by": "last_name:desc"}, ["Lovelace", "Byron"]),
        ({"sort_by": "custom_fields:Wood:desc"}, ["Byron", "Lovelace"]),
        ({"ids": ""}, []),
    ],
)
def test_it_finds_leads(seller: Seller, query: dict[str, str], names: list[str]) -> None:
    seller.made("/leads", **FULL)
    seller.made("/leads", last_name="Byron")
    assert [lead["last_name"] for lead in seller.listed("/leads", **query)] == names


def test_it_finds_exactly_the_ids(seller: Seller) -> None:
    ids = [seller.made("/leads", last_name=str(n))["id"] for n in range(4)]
    assert [lead["id"] for lead in seller.listed("/leads", ids=f"{ids[2]},{ids[0]}", sort_by="id")] == [
        ids[0],
        ids[2],
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"email": "no address"},
        {"owner_id": 10**17},
        {"source_id": 10**17},
        {"unqualified_reason_id": 10**17},
        {"title": "x" * 1001},
    ],
)
def test_it_refuses_values_that_cannot_be(seller: Seller, sent: dict[str, Any]) -> None:
    lead = seller.made("/leads", last_name="x")
    for answer in (
        seller.post("/leads", {"last_name": "y", **sent}),
        seller.put(f"/leads/{lead['id']}", sent),
    ):
        assert answer.status_code == 422
        (error,) = [one["error"] for one in answer.json()["errors"]]
        assert (error["resource"], error["field"]) == ("lead", f"/{next(iter(sent))}")
        assert error["code"] == "incorrect_value"


def test_it_tells_who_did_what(seller: Seller) -> None:
    lead = seller.made("/leads", last_name="Lovelace", email="ada@example.org")
    seller.put(f"/leads/{lead['id']}", {"status": "Working", "email": "ada@example.com"})
    seller.delete(f"/leads/{lead['id']}")
    told = [(line.kind, line.facts.get("field"), line.old_value, line.new_value) for line in lines(seller)]
    assert told == [
        ("created", None, "", "Lovelace"),
        ("updated", "status", "New", "Working"),
        ("updated", "email", "ada@example.org", "ada@example.com"),
        ("deleted", None, "Lovelace", ""),
    ]
    assert {line.actor_id for line in lines(seller)} == {lead["creator_id"]}
    assert all(line.actor_name for line in lines(seller))
