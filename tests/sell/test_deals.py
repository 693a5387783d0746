"""/v2/deals with pipelines, stages and associated contacts, seen from outside (wire.md 2.5)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.sell.conftest import Seller
from tests.sell.test_contacts import fields


def deal_of(seller: Seller, **more: Any) -> dict[str, Any]:
    contact = seller.made("/contacts", last_name="Lovelace")
    return seller.made("/deals", **{"name": "Chairs", "contact_id": contact["id"], **more})


def test_it_works(seller: Seller) -> None:
    company = seller.made("/contacts", name="Acme", is_organization=True)
    person = seller.made("/contacts", last_name="Lovelace", contact_id=company["id"])
    deal = seller.made("/deals", name="Chairs", contact_id=person["id"], hot=True, tags=["oak"],
                       estimated_close_date="2027-01-15", customized_win_likelihood=40)  # fmt: skip
    first = seller.listed("/stages")[0]
    assert deal["organization_id"] == company["id"]
    assert (deal["value"], deal["currency"], deal["stage_id"]) == (0, "USD", first["id"])
    assert (deal["estimated_close_date"], deal["customized_win_likelihood"]) == ("2027-01-15", 40)
    shown = seller.get(f"/deals/{deal['id']}").json()
    assert shown["data"] == deal
    assert shown["meta"]["type"] == "deal"
    assert isinstance(shown["meta"]["version"], int)


@pytest.mark.parametrize(
    ("sent", "told"),
    [(1000, 1000), ("1000", 1000), ("1000.50", "1000.50"), (11.12, "11.12"), ("0.5", "0.50"), (-3, -3)],
)
def test_it_tells_whole_values_as_numbers_and_others_as_strings(
    seller: Seller, sent: object, told: object
) -> None:
    deal = deal_of(seller, value=sent)
    assert deal["value"] == told
    assert seller.put(f"/deals/{deal['id']}", {"value": None}).json()["data"]["value"] == told


@pytest.mark.parametrize("value", ["x", "NaN", "1e400", "Infinity", True, "1.005", 10**17, [], "1" * 60])
def test_it_refuses_values_that_it_cannot_keep(seller: Seller, value: object) -> None:
    contact = seller.made("/contacts", last_name="x")
    answer = seller.post("/deals", {"name": "x", "contact_id": contact["id"], "value": value})
    assert [field for field, _ in fields(answer)] == ["/value"]


def test_it_names_what_is_missing(seller: Seller) -> None:
    assert fields(seller.post("/deals", {})) == [("/name", "missing"), ("/contact_id", "missing")]
    assert ("/unknown", "unknown") in fields(seller.post("/deals", {"unknown": "attribute"}))
    deal = deal_of(seller)
    assert fields(seller.put(f"/deals/{deal['id']}", {"name": " "})) == [("/name", "blank")]


def test_it_takes_back_a_whole_echoed_deal(seller: Seller) -> None:
    deal = deal_of(seller, value="10.50", customized_win_likelihood=10, estimated_close_date="2027-01-15")
    path = f"/deals/{deal['id']}"
    kept = seller.get(path).json()  # with its version, which tells a change within the second
    assert seller.put(path, deal).json() == kept


def test_it_notes_when_a_deal_moves(seller: Seller) -> None:
    deal = deal_of(seller, last_stage_change_at="2020-01-01T00:00:00Z")
    won = next(stage for stage in seller.listed("/stages") if stage["category"] == "won")
    moved = seller.put(f"/deals/{deal['id']}", {"stage_id": won["id"]}).json()["data"]
    assert moved["stage_id"] == won["id"]
    assert moved["last_stage_change_at"] > "2020-01-01T00:00:00Z"
    assert moved["last_stage_change_by_id"] == deal["creator_id"]


@pytest.mark.parametrize(
    "column", ["owner_id", "contact_id", "stage_id", "source_id", "loss_reason_id", "unqualified_reason_id"]
)
def test_it_points_only_at_what_there_is(seller: Seller, column: str) -> None:
    deal = deal_of(seller)
    assert fields(seller.put(f"/deals/{deal['id']}", {column: 10**17})) == [(f"/{column}", "incorrect_value")]


def test_it_names_sources_and_reasons(seller: Seller) -> None:
    source = seller.made("/deal_sources", name="Fair")
    reason = seller.made("/loss_reasons", name="Price")
    deal = deal_of(seller, source_id=source["id"], loss_reason_id=reason["id"])
    assert seller.listed("/deals", source_id=source["id"]) == [deal]
    assert seller.delete(f"/loss_reasons/{reason['id']}").status_code == 204
    assert seller.get(f"/deals/{deal['id']}").json()["data"]["loss_reason_id"] is None


def test_it_finds_deals(seller: Seller) -> None:
    deals = [deal_of(seller, name=name, hot=name == "b", custom_fields={"n": name}) for name in "abc"]
    assert seller.listed("/deals") == deals
    assert seller.listed("/deals", hot="true") == [deals[1]]
    assert seller.listed("/deals", contact_id=deals[2]["contact_id"]) == [deals[2]]
    assert seller.listed("/deals", **{"custom_fields[n]": "a"}) == [deals[0]]
    assert seller.listed("/deals", estimated_close_date="2027-01-15") == []
    assert [deal["name"] for deal in seller.listed("/deals", sort_by="name:desc")] == ["c", "b", "a"]


def test_it_has_one_pipeline_however_many_ask_first(seller: Seller) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(seller.listed, ["/pipelines", "/stages"] * 4))
    assert {len(pipelines) for pipelines in asked[::2]} == {1}
    assert {len(stages) for stages in asked[1::2]} == {7}
    stages = seller.listed("/stages", pipeline_id=asked[0][0]["id"], active="true")
    assert [stage["category"] for stage in stages] == [
        "incoming", "in_progress", "in_progress", "in_progress", "won", "lost", "unqualified",
    ]  # fmt: skip
    assert [stage["likelihood"] for stage in stages if stage["category"] in ("won", "lost")] == [100, 0]


def test_it_has_further_contacts(seller: Seller, stranger: Seller) -> None:
    deal, other = deal_of(seller), seller.made("/contacts", last_name="Babbage")
    path = f"/deals/{deal['id']}/associated_contacts"
    assert seller.made(path, contact_id=other["id"])["role"] == "involved"
    assert fields(seller.post(path, {"contact_id": other["id"]})) == [("/contact_id", "already_exists")]
    foreign = stranger.made("/contacts", last_name="x")
    assert fields(seller.post(path, {"contact_id": foreign["id"]})) == [("/contact_id", "incorrect_value")]
    assert stranger.get(path).status_code == 404
    assert stranger.delete(f"{path}/{other['id']}").status_code == 404
    assert [one["contact_id"] for one in seller.listed(path)] == [other["id"]]
    assert seller.delete(f"{path}/{other['id']}").status_code == 204
    assert seller.delete(f"{path}/{other['id']}").status_code == 404
    assert seller.listed(path) == []
