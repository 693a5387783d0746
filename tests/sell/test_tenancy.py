"""What belongs to one business is not there for another, whatever is asked."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sell.conftest import Seller
from tests.sell.test_deals import deal_of


def note_of(seller: Seller) -> dict[str, Any]:
    contact = seller.made("/contacts", last_name="x")
    return seller.made("/notes", content="x", resource_type="contact", resource_id=contact["id"])


MAKERS: dict[str, Callable[[Seller], dict[str, Any]]] = {
    "/leads": lambda seller: seller.made("/leads", last_name="x"),
    "/contacts": lambda seller: seller.made("/contacts", last_name="x"),
    "/deals": deal_of,
    "/notes": note_of,
    "/tasks": lambda seller: seller.made("/tasks", content="x"),
    "/tags": lambda seller: seller.made("/tags", name="x", resource_type="lead"),
    "/sources": lambda seller: seller.made("/sources", name="x"),
    "/lead_sources": lambda seller: seller.made("/lead_sources", name="x"),
    "/deal_sources": lambda seller: seller.made("/deal_sources", name="x"),
    "/loss_reasons": lambda seller: seller.made("/loss_reasons", name="x"),
    "/deal_unqualified_reasons": lambda seller: seller.made("/deal_unqualified_reasons", name="x"),
}


@pytest.mark.parametrize("path", MAKERS)
def test_it_works(seller: Seller, stranger: Seller, path: str) -> None:
    record = MAKERS[path](seller)
    one = f"{path}/{record['id']}"
    assert seller.get(one).status_code == 200
    assert stranger.listed(path) == []
    assert stranger.listed(path, ids=record["id"]) == []
    assert stranger.get(one).status_code == 404
    assert stranger.put(one, record).status_code == 404
    assert stranger.delete(one).status_code == 404
    assert seller.get(one).json()["data"] == record


@pytest.mark.parametrize("path", ["/users", "/pipelines", "/stages"])
def test_it_shows_each_its_own(seller: Seller, stranger: Seller, path: str) -> None:
    mine, theirs = seller.listed(path), stranger.listed(path)
    assert mine
    assert not {one["id"] for one in mine} & {one["id"] for one in theirs}
    assert seller.listed(path, ids=theirs[0]["id"]) == []


def test_it_hides_other_users(seller: Seller, stranger: Seller) -> None:
    other = stranger.get("/users/self").json()["data"]["id"]
    assert seller.get(f"/users/{other}").status_code == 404
    assert seller.post("/leads", {"last_name": "x", "owner_id": other}).status_code == 422


def test_it_does_not_match_across_businesses(seller: Seller, stranger: Seller) -> None:
    sent = {"last_name": "x", "email": "ada@example.org"}
    first = seller.post("/leads/upsert?email=ada@example.org", sent).json()["data"]
    second = stranger.post("/leads/upsert?email=ada@example.org", sent).json()["data"]
    assert first["id"] != second["id"]


def test_it_hides_conversions(seller: Seller, stranger: Seller) -> None:
    lead = seller.made("/leads", last_name="x")
    assert stranger.post("/lead_conversions", {"lead_id": lead["id"]}).status_code == 422
    conversion = seller.made("/lead_conversions", lead_id=lead["id"])
    assert stranger.listed("/lead_conversions") == []
    assert stranger.listed("/lead_conversions", lead_id=lead["id"]) == []
    assert stranger.delete(f"/lead_conversions/{conversion['id']}").status_code == 404
    later = {"Prefer": "respond-async"}
    batch = seller.post("/lead_conversions", {"lead_ids": [lead["id"]]}, headers=later).json()["data"]
    assert stranger.get(f"/lead_conversions/batches/{batch['id']}").status_code == 404
