"""/v2/contacts, seen from outside (wire.md 2.5)."""

from typing import Any

import pytest

from tests.sell.conftest import Seller
from tests.sell.test_leads import lines, posted


def fields(answer: Any) -> list[tuple[str, str]]:
    return [(one["error"]["field"], one["error"]["code"]) for one in answer.json()["errors"]]


def test_it_works(seller: Seller) -> None:
    company = seller.made("/contacts", name="Acme", is_organization=True, website="https://acme.example.org")
    person = seller.made(
        "/contacts", first_name="Ada", last_name="Lovelace", contact_id=company["id"], tags=["vip"],
        customer_status="current", billing_address={"city": "London"},
    )  # fmt: skip
    assert person["name"] == "Ada Lovelace"
    assert person["contact_id"] == company["id"]
    assert (person["customer_status"], person["prospect_status"]) == ("current", "none")
    assert person["billing_address"]["city"] == "London"
    assert seller.get(f"/contacts/{person['id']}").json() == {"data": person, "meta": {"type": "contact"}}
    assert seller.delete(f"/contacts/{person['id']}").status_code == 204
    assert seller.listed("/contacts") == [company]


def test_it_asks_for_the_name_that_the_contact_needs(seller: Seller) -> None:
    assert fields(seller.post("/contacts", {"name": "Ada"})) == [("/last_name", "missing")]
    assert fields(seller.post("/contacts", {"is_organization": True, "last_name": "x"})) == [
        ("/name", "missing")
    ]


def test_it_takes_back_a_whole_echoed_contact(seller: Seller) -> None:
    for sent in ({"name": "Acme", "is_organization": True}, {"last_name": "x", "name": "Some Company"}):
        contact = seller.made("/contacts", **sent)
        assert seller.put(f"/contacts/{contact['id']}", contact).json()["data"] == contact


def test_it_keeps_an_individual_an_individual(seller: Seller) -> None:
    person = seller.made("/contacts", last_name="Lovelace")
    answer = seller.put(f"/contacts/{person['id']}", {"is_organization": True, "name": "x"})
    assert fields(answer) == [("/is_organization", "incorrect_value")]


def test_it_renames_an_individual_by_its_parts(seller: Seller) -> None:
    person = seller.made("/contacts", first_name="Ada", last_name="Byron")
    changed = seller.put(f"/contacts/{person['id']}", {"last_name": "Lovelace"}).json()["data"]
    assert changed["name"] == "Ada Lovelace"


def test_it_belongs_to_organizations_only(seller: Seller, stranger: Seller) -> None:
    person = seller.made("/contacts", last_name="x")
    foreign = stranger.made("/contacts", name="Other", is_organization=True)
    for wrong in (person["id"], foreign["id"]):
        assert fields(seller.put(f"/contacts/{person['id']}", {"contact_id": wrong})) == [
            ("/contact_id", "incorrect_value")
        ]
    company = seller.made("/contacts", name="Acme", is_organization=True)
    itself = {"parent_organization_id": company["id"]}
    assert seller.put(f"/contacts/{company['id']}", itself).status_code == 422


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Byron", "Lovelace", None]),
        ({"is_organization": "true"}, [None]),
        ({"name": "Ada Lovelace"}, ["Lovelace"]),
        ({"email": "Ada@example.org"}, ["Lovelace"]),
        ({"address[postal_code]": "SW1Y"}, ["Lovelace"]),
        ({"custom_fields[Wood]": "oak"}, ["Byron"]),
    ],
)
def test_it_finds_contacts(seller: Seller, query: dict[str, str], names: list[str | None]) -> None:
    seller.made("/contacts", name="Acme", is_organization=True)
    seller.made("/contacts", last_name="Byron", custom_fields={"Wood": "oak"})
    seller.made(
        "/contacts", first_name="Ada", last_name="Lovelace", email="ada@example.org",
        address={"postal_code": "SW1Y"},
    )  # fmt: skip
    found = [contact["last_name"] for contact in seller.listed("/contacts", **query)]
    assert sorted(found, key=str) == sorted(names, key=str)


def test_it_lets_a_person_come_anew_whose_contact_was_deleted(seller: Seller) -> None:
    lead = posted(seller, last_name="Hopper")
    made = seller.made("/lead_conversions", lead_id=lead.id)
    assert seller.delete(f"/contacts/{made['individual_id']}").status_code == 204
    assert posted(seller).id != lead.id


def test_it_tells_who_did_what(seller: Seller) -> None:
    person = seller.made("/contacts", last_name="Byron")
    seller.put(f"/contacts/{person['id']}", {"last_name": "Lovelace", "is_organization": False})
    told = [(line.kind, line.facts.get("field"), line.old_value, line.new_value) for line in lines(seller)]
    assert told == [
        ("created", None, "", "Byron"),
        ("updated", "last_name", "Byron", "Lovelace"),
        ("updated", "name", "Byron", "Lovelace"),
    ]
