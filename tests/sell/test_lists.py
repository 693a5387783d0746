"""The lists that nobody writes, and who works where (wire.md 2.5)."""

import pytest

from models.database import transaction
from models.operations.staff import Hire, hire
from tests.sell.conftest import Seller


def test_it_works(seller: Seller) -> None:
    account = seller.get("/accounts/self").json()
    assert account["meta"] == {"type": "account"}
    assert account["data"]["id"] == seller.business.id
    assert account["data"]["currency"] == "USD"
    assert account["data"]["timezone"] == "UTC+00:00"
    assert account["data"]["subdomain"] == seller.business.nickname


def test_it_tells_who_works_here(seller: Seller) -> None:
    with transaction() as session:
        hired = Hire(business=seller.business.uid, username="grace", name="Grace", email="grace@example.org")
        grace = hire(session, hired)
    assert [user["role"] for user in seller.listed("/users")] == ["admin", "user"]
    (found,) = seller.listed("/users", email="GRACE@example.org", status="active", confirmed="true")
    assert (found["id"], found["name"], found["status"]) == (grace.id, "Grace", "active")
    assert seller.listed("/users", status="inactive") == []
    assert seller.get(f"/users/{grace.id}").json()["data"] == found


@pytest.mark.parametrize("path", ["/text_messages", "/visits", "/visit_outcomes"])
def test_it_has_none_of_these(seller: Seller, path: str) -> None:
    document = seller.get(path).json()
    assert document["items"] == []
    assert document["meta"]["count"] == 0


def test_it_lists_custom_fields_in_use(seller: Seller, stranger: Seller) -> None:
    for fields in ({"Wood": "oak", "Pieces": 2}, {"Wood": "pine"}):
        seller.made("/leads", last_name="x", custom_fields=fields)
    assert [field["name"] for field in seller.listed("/lead/custom_fields")] == ["Pieces", "Wood"]
    assert seller.listed("/lead/custom_fields") == seller.listed("/lead/custom_fields")
    assert seller.listed("/contact/custom_fields") == seller.listed("/deal/custom_fields") == []
    assert stranger.listed("/lead/custom_fields") == []
    assert seller.get("/planet/custom_fields").status_code == 404


def test_it_lists_industries_and_statuses(seller: Seller) -> None:
    for industry in ("Timber", "Computing", "Timber", ""):
        seller.made("/leads", last_name="x", industry=industry)
    assert [one["name"] for one in seller.listed("/lead/industries")] == ["Computing", "Timber"]
    statuses = seller.get("/lead_statuses?per_page=2").json()
    assert [item["data"]["name"] for item in statuses["items"]] == ["New", "Working"]
    assert statuses["items"][0]["meta"] == {"type": "lead_status"}
    assert "page=2" in statuses["meta"]["links"]["next_page"]
