"""A second move follows what was changed there, and leaves alone what was changed here."""

import time
from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from models.business import User
from models.database import transaction
from models.lead import Lead
from models.operations.locks import LOCK, locks
from tests.moving.account import lead, stage
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


def test_what_named_somebody_who_was_not_there_yet_is_mended(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    ada = lists["users"].pop(0)
    lists["contacts"][2]["parent_organization_id"] = n + 13  # A ring
    move.moved(seller.business)
    assert seller.get(f"/deals/{n + 30}").json()["data"]["owner_id"] is None
    lists["users"].append(ada)
    assert move.moved(seller.business)["deals"]["changed"] == 1
    assert seller.get(f"/deals/{n + 30}").json()["data"]["owner_id"] == n + 1
    above = seller.get(f"/contacts/{n + 14}").json()["data"]["parent_organization_id"]
    assert above == n + 13
    assert move.moved(seller.business)["deals"]["same"] == 1


def test_a_deal_whose_stage_is_not_there_waits(move: Move, seller: Seller) -> None:
    n = move.n
    move.lists["deals"][0]["stage_id"] = n + 98
    move.pull()
    done = move.load(seller.business)
    assert f"left out: deals {n + 30}: stage_id {n + 98} is not there\n" in done.stderr
    move.lists[f"stages?pipeline_id={n + 9}"].append(stage(n + 98, n + 9, "Later", "in_progress", 3))
    move.moved(seller.business)
    assert seller.get(f"/deals/{n + 30}").json()["data"]["stage_id"] == n + 98


def test_an_associated_contact_that_was_taken_away_here_stays_away(move: Move, seller: Seller) -> None:
    n = move.n
    move.moved(seller.business)
    path = f"/deals/{n + 30}/associated_contacts"
    assert seller.delete(f"{path}/{n + 14}").status_code == 204
    move.moved(seller.business)
    assert seller.listed(path) == []


def test_who_left_there_is_let_in_here_no_more(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    move.lists["users"][0] |= {"status": "inactive", "updated_at": LATER}
    assert move.moved(seller.business)["users"]["changed"] == 1
    with transaction() as session:
        ada = session.get_one(User, move.n + 1)
        assert not ada.active
        ada.active = True
    # Whoever is let in again here is let in.
    assert move.moved(seller.business)["users"]["changed"] == 0
    with transaction() as session:
        assert session.get_one(User, move.n + 1).active


def test_nobody_who_was_here_is_shut_out(move: Move, seller: Seller) -> None:
    """The owner has the name of a user there, who left."""
    with transaction() as session:
        owner = session.get_one(User, seller.get("/users/self").json()["data"]["id"])
        owner.username = "ada@acme.example.org"
    move.moved(seller.business)
    move.lists["users"][0] |= {"status": "inactive", "updated_at": LATER}
    move.moved(seller.business)
    assert seller.get("/users/self").status_code == 200


def test_each_that_was_missing_is_filled_in_when_it_comes(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    alan, fair = lists["users"].pop(), lists["lead_sources"].pop()
    move.moved(seller.business)
    lists["users"].append(alan)
    assert move.moved(seller.business)["leads"]["changed"] == 1
    kept = seller.get(f"/leads/{n + 20}").json()["data"]
    assert (kept["owner_id"], kept["source_id"]) == (n + 2, None)
    lists["lead_sources"].append(fair)
    move.moved(seller.business)
    assert seller.get(f"/leads/{n + 20}").json()["data"]["source_id"] == n + 3
    assert move.moved(seller.business)["leads"]["same"] == 2


def test_what_was_changed_here_is_not_filled_in(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    alan = lists["users"].pop()
    move.moved(seller.business)
    seller.put(f"/leads/{n + 20}", {"first_name": "Ours"})
    lists["users"].append(alan)
    found = move.moved(seller.business)["leads"]
    assert (found["same"], found["kept"]) == (2, 0)
    assert seller.get(f"/leads/{n + 20}").json()["data"]["first_name"] == "Ours"


def test_a_label_that_was_deleted_here_is_named_no_more(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    move.moved(seller.business)
    assert seller.delete(f"/lead_sources/{n + 3}").status_code == 204
    lists["leads"].append(lead(n + 23, n, "New", source_id=n + 3))
    move.pull()
    done = move.load(seller.business)
    assert "leads: source_id names what is not there" in done.stderr
    assert seller.get(f"/leads/{n + 23}").json()["data"]["source_id"] is None


def test_a_pipeline_that_came_up_half_way_makes_way_too(move: Move, seller: Seller) -> None:
    stages = move.lists.pop(f"stages?pipeline_id={move.n + 9}")
    move.pull()
    move.load(seller.business)
    # Somebody asks before the stages are there, and a business is never without.
    assert "Incoming" in [one["name"] for one in seller.listed("/stages")]
    move.lists[f"stages?pipeline_id={move.n + 9}"] = stages
    move.moved(seller.business)
    assert seller.listed("/stages") == stages


def test_ids_that_will_be_given_here_are_not_taken(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    born = seller.made("/leads", last_name="Born here")["id"]
    move.lists["leads"] += [lead(born + 1, move.n, "Of another of ours"), lead(-5, move.n, "Odd")]
    move.moved(seller.business)
    assert seller.get(f"/leads/{born + 1}").json()["data"]["last_name"] != "Born here"
    headers = {"Authorization": f"Bearer {seller.token}"}
    form = {"identifier_type": "email", "email": "new@example.org", "first_name": "N"}
    form["request_title"] = "More"
    for _ in range(3):
        answer = seller.client.post("/platform/v1/leadgen", data=form, headers=headers)
        assert answer.status_code == 201


def test_it_takes_its_locks_in_the_order_of_the_doors(move: Move, seller: Seller) -> None:
    """A door that holds the lock of an address, and then wants its lead, meets no load half-way."""
    move.moved(seller.business)
    joan = move.lists["leads"][0]
    joan |= {"first_name": "Johanna", "updated_at": LATER}
    move.pull()
    names = [(seller.business.id, "email", joan["email"])]
    with ThreadPoolExecutor(1) as pool:
        with transaction() as session:
            session.connection().exec_driver_sql(LOCK, (locks(names),))
            loading = pool.submit(move.load, seller.business)
            time.sleep(1)
            held = select(Lead.id).where(Lead.id == joan["id"]).with_for_update(nowait=True)
            assert session.exec(held).one() == joan["id"]
        assert loading.result().returncode == 0
    assert seller.get(f"/leads/{joan['id']}").json()["data"]["first_name"] == "Johanna"
