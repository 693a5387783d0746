"""A second move follows what was changed there, and leaves alone what was changed here."""

from tests.moving.account import lead
from tests.moving.conftest import Move
from tests.sell.conftest import Seller

LATER = "2024-01-01T00:00:00Z"


def test_it_works(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    joan, other = move.lists["leads"]
    joan |= {"first_name": "Johanna", "phone": None, "tags": ["ash"], "updated_at": LATER}
    move.lists["leads"].append(lead(move.n + 23, move.n, "New"))
    found = move.moved(seller.business)["leads"]
    assert (found["new"], found["changed"], found["same"]) == (1, 1, 1)
    assert seller.get(f"/leads/{joan['id']}").json()["data"] == joan
    assert seller.get(f"/leads/{other['id']}").json()["data"] == other
    # And a third has nothing left to do.
    assert move.moved(seller.business)["leads"]["same"] == 3


def test_what_was_changed_here_stays(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    joan = move.lists["leads"][0]
    seller.put(f"/leads/{joan['id']}", {"first_name": "Ours"})
    joan |= {"first_name": "Theirs", "updated_at": LATER}
    assert move.moved(seller.business)["leads"]["kept"] == 1
    assert seller.get(f"/leads/{joan['id']}").json()["data"]["first_name"] == "Ours"


def test_what_was_deleted_here_stays_away(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    deal = move.lists["deals"][0]
    assert seller.delete(f"/deals/{deal['id']}").status_code == 204
    deal["updated_at"] = LATER
    assert move.moved(seller.business)["deals"]["kept"] == 1
    assert seller.get(f"/deals/{deal['id']}").status_code == 404


def test_a_deal_and_a_task_follow(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    deal, task = move.lists["deals"][0], move.lists["tasks"][1]
    deal |= {"value": 7, "stage_id": move.n + 10, "hot": False, "updated_at": LATER}
    task |= {"completed": False, "completed_at": None, "due_date": None, "updated_at": LATER}
    move.moved(seller.business)
    kept = seller.get(f"/deals/{deal['id']}").json()["data"]
    assert kept == deal | {"dropbox_email": None}
    assert seller.get(f"/tasks/{task['id']}").json()["data"] == task


def test_who_has_another_address_is_known_by_it(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    joan = move.lists["leads"][0]
    joan |= {"email": "joan@gchq.example.org", "updated_at": LATER}
    move.moved(seller.business)
    form = {"identifier_type": "email", "request_title": "More", "first_name": "J"}
    headers = {"Authorization": f"Bearer {seller.token}"}
    for email, is_joan in (("joan@gchq.example.org", True), ("joan@bletchley.example.org", False)):
        uid = seller.client.post(
            "/platform/v1/leadgen", data=form | {"email": email}, headers=headers
        ).json()["uid"]
        (found,) = seller.listed("/leads", ids=joan["id"])
        known = seller.client.get(f"/api/v1/leads/{uid}", headers=headers).json()["data"]["email"]
        assert (known == found["email"]) is is_joan
