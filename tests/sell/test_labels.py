"""/v2/tags, sources and reasons, seen from outside (wire.md 2.5)."""

import pytest

from models.database import transaction
from models.label import Label, LabelKind
from tests.sell.conftest import Seller
from tests.sell.test_contacts import fields

PATHS = ["/sources", "/lead_sources", "/deal_sources", "/loss_reasons", "/deal_unqualified_reasons"]


@pytest.mark.parametrize("path", PATHS)
def test_it_works(seller: Seller, path: str) -> None:
    fair = seller.made(path, name="Fair")
    other = seller.made(path, name="Other")
    assert seller.get(f"{path}/{fair['id']}").json()["data"] == fair
    assert seller.listed(path) == [fair, other]
    assert seller.listed(path, name="Fair") == [fair]
    assert seller.listed(path, ids=other["id"]) == [other]
    assert fields(seller.post(path, {"name": "Fair"})) == [("/name", "already_exists")]
    assert fields(seller.put(f"{path}/{other['id']}", {"name": "Fair"})) == [("/name", "already_exists")]
    assert seller.put(f"{path}/{fair['id']}", fair).json()["data"] == fair
    assert seller.delete(f"{path}/{fair['id']}").status_code == 204
    assert seller.listed(path) == [other]


def test_it_keeps_the_kinds_of_labels_apart(seller: Seller) -> None:
    source = seller.made("/lead_sources", name="Fair")
    assert source["resource_type"] == "lead"
    assert seller.get(f"/deal_sources/{source['id']}").status_code == 404
    assert seller.made("/deal_sources", name="Fair")["id"] != source["id"]
    assert seller.listed("/lead_sources", resource_type="deal") == []
    reason = seller.made("/loss_reasons", name="Price")
    assert fields(seller.post("/leads", {"last_name": "x", "source_id": reason["id"]})) == [
        ("/source_id", "incorrect_value")
    ]


def test_it_lists_why_leads_were_lost(seller: Seller) -> None:
    kind = LabelKind.LEAD_UNQUALIFIED_REASON
    with transaction() as session:
        session.add(Label(business_id=seller.business.id, kind=kind, name="No money"))
    (reason,) = seller.listed("/lead_unqualified_reasons")
    assert reason["name"] == "No money"
    lead = seller.made("/leads", last_name="x", unqualified_reason_id=reason["id"])
    assert lead["unqualified_reason_id"] == reason["id"]
    assert seller.post("/lead_unqualified_reasons", {"name": "x"}).status_code == 405


def test_it_clears_a_source_that_is_gone(seller: Seller) -> None:
    source = seller.made("/lead_sources", name="Fair")
    lead = seller.made("/leads", last_name="x", source_id=source["id"])
    assert lead["source_id"] == source["id"]
    seller.delete(f"/lead_sources/{source['id']}")
    assert seller.get(f"/leads/{lead['id']}").json()["data"]["source_id"] is None


def test_it_names_tags_once_a_type(seller: Seller) -> None:
    tag = seller.made("/tags", name="oak", resource_type="lead")
    assert seller.made("/tags", name="oak", resource_type="deal")["id"] != tag["id"]
    again = {"name": "oak", "resource_type": "lead"}
    assert fields(seller.post("/tags", again)) == [("/name", "already_exists")]
    assert fields(seller.post("/tags", {"name": "x"})) == [("/resource_type", "missing")]
    assert fields(seller.post("/tags", {"name": "x", "resource_type": "task"})) == [
        ("/resource_type", "incorrect_value")
    ]
    assert seller.put(f"/tags/{tag['id']}", tag).json()["data"] == tag
    assert fields(seller.put(f"/tags/{tag['id']}", {"resource_type": "contact"})) == [
        ("/resource_type", "incorrect_value")
    ]


def test_it_renames_and_removes_a_tag_on_all_records(seller: Seller, stranger: Seller) -> None:
    lead = seller.made("/leads", last_name="x", tags=["oak", "vip"])
    foreign = stranger.made("/leads", last_name="x", tags=["oak"])
    oak = next(tag for tag in seller.listed("/tags") if tag["name"] == "oak")
    seller.put(f"/tags/{oak['id']}", {"name": "pine"})
    assert seller.get(f"/leads/{lead['id']}").json()["data"]["tags"] == ["pine", "vip"]
    assert seller.delete(f"/tags/{oak['id']}").status_code == 204
    assert seller.get(f"/leads/{lead['id']}").json()["data"]["tags"] == ["vip"]
    assert stranger.get(f"/leads/{foreign['id']}").json()["data"]["tags"] == ["oak"]
