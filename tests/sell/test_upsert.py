"""POST /v2/{leads,contacts,deals}/upsert, seen from outside (wire.md 2.6)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sell.conftest import Seller
from tests.sell.test_contacts import fields
from tests.sell.test_leads import posted


def test_it_works(seller: Seller) -> None:
    sent = {"last_name": "Lovelace", "email": "ada@example.org", "status": "Working"}
    created = seller.post("/leads/upsert?email=ada@example.org", sent)
    assert created.status_code == 200
    assert created.json()["meta"] == {"type": "lead"}
    changed = seller.post("/leads/upsert?email=ADA@example.org", {"first_name": "Ada"})
    assert changed.json()["data"] == {
        **created.json()["data"],
        "first_name": "Ada",
        "updated_at": changed.json()["data"]["updated_at"],
    }
    assert len(seller.listed("/leads")) == 1


def test_it_overwrites_what_another_tongue_would_keep(seller: Seller) -> None:
    lead = posted(seller, last_name="Hopper")
    sent = {"first_name": "Rear Admiral", "last_name": "G. Hopper"}
    shown = seller.post("/leads/upsert?email=grace@example.org", sent).json()["data"]
    assert (shown["id"], shown["first_name"], shown["last_name"]) == (lead.id, "Rear Admiral", "G. Hopper")


def test_it_serves_contacts_and_deals(seller: Seller) -> None:
    person = {"last_name": "x", "custom_fields": {"key": "7"}}
    contacts = [seller.post("/contacts/upsert?custom_fields[key]=7", person).json()["data"] for _ in range(2)]
    sent = {"name": "Chairs", "contact_id": contacts[0]["id"]}
    path = f"/deals/upsert?name=Chairs&contact_id={contacts[0]['id']}"
    deals = [seller.post(path, sent).json()["data"]["id"] for _ in range(2)]
    assert contacts[0]["id"] == contacts[1]["id"]
    assert deals[0] == deals[1]


@pytest.mark.parametrize("query", ["", "?unknown=1", "?page=1", "?email=a&email=b"])
def test_it_asks_for_filters_that_it_knows(seller: Seller, query: str) -> None:
    answer = seller.post(f"/leads/upsert{query}", {"last_name": "x"})
    assert answer.status_code == 400
    assert [one["error"]["code"] for one in answer.json()["errors"]] == ["invalid_param"]


def test_it_does_not_guess_between_two(seller: Seller) -> None:
    for _ in range(2):
        seller.made("/leads", last_name="x", email="ada@example.org")
    answer = seller.post("/leads/upsert?email=ada@example.org", {"first_name": "Ada"})
    assert answer.status_code == 409
    assert [one["error"]["code"] for one in answer.json()["errors"]] == ["conflict"]
    assert {lead["first_name"] for lead in seller.listed("/leads")} == {None}


def test_it_asks_for_what_a_new_record_needs(seller: Seller) -> None:
    assert fields(seller.post("/leads/upsert?email=a@example.org", {})) == [("/last_name", "missing")]
    assert fields(seller.post("/deals/upsert?name=x", {"value": 1})) == [("/name", "missing")]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/leads/upsert?email=ada@example.org", {"last_name": "x", "email": "ada@example.org"}),
        ("/contacts/upsert?custom_fields[key]=7", {"last_name": "x", "custom_fields": {"key": "7"}}),
    ],
)  # fmt: skip
def test_it_creates_one_record_however_many_ask_at_once(
    seller: Seller, path: str, sent: dict[str, object]
) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: seller.post(path, sent), range(48)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["id"] for answer in answers}) == 1


def test_it_meets_a_lead_that_comes_by_another_tongue(seller: Seller) -> None:
    def either(turn: int) -> int:
        if turn % 2:
            return posted(seller).id
        sent = {"last_name": "Hopper", "email": "grace@example.org"}
        answer = seller.post("/leads/upsert?email=grace@example.org", sent)
        assert answer.status_code == 200, answer.text
        found: int = answer.json()["data"]["id"]
        return found

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(either, range(24)))) == 1


def test_it_makes_a_record_that_the_same_filters_find_again(seller: Seller) -> None:
    first, again = (
        seller.post("/leads/upsert?email=ada@example.org", {"last_name": "Lovelace"}) for _ in range(2)
    )
    assert first.json()["data"]["email"] == "ada@example.org"
    assert again.json()["data"]["id"] == first.json()["data"]["id"]
