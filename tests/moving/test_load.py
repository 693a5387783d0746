"""What stood in Zendesk Sell stands here, under the same ids, as Sell would tell it."""

import pytest

from models.database import transaction
from models.operations.staff import users_of
from tests.moving.account import note, task
from tests.moving.conftest import Move, counts
from tests.sell.conftest import Seller

# What is not Sell's own any more.
OURS = {"users": {"created_at", "updated_at", "status"}, "deals": {"dropbox_email"}}


@pytest.mark.parametrize(
    "name", ["users", "leads", "contacts", "deals", "notes", "tasks", "tags", "lead_sources", "deal_sources"]
)
def test_it_works(move: Move, seller: Seller, name: str) -> None:
    move.moved(seller.business)
    for told in move.lists[name]:
        answer = seller.get(f"/{name}/{told['id']}")
        assert answer.status_code == 200
        kept = answer.json()["data"]
        unlike = OURS.get(name, set())
        assert {k: v for k, v in kept.items() if k not in unlike} == {
            k: v for k, v in told.items() if k not in unlike
        }


def test_it_tells_what_stood_in_lists_of_their_own(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    n, lists = move.n, move.lists
    assert seller.listed("/pipelines") == lists["pipelines"]
    assert seller.listed("/stages") == lists[f"stages?pipeline_id={n + 9}"]
    assert seller.listed("/loss_reasons") == lists["loss_reasons"]
    assert seller.listed("/lead_unqualified_reasons") == lists["lead_unqualified_reasons"]
    assert seller.listed("/deal_unqualified_reasons") == lists["deal_unqualified_reasons"]
    associated = seller.listed(f"/deals/{n + 30}/associated_contacts")
    assert associated == lists[f"deals/{n + 30}/associated_contacts"]
    assert seller.listed("/lead_conversions") == lists["lead_conversions"]
    assert seller.listed("/lead_conversions", lead_id=n + 22) == lists["lead_conversions"]


def test_it_says_what_it_took_over(move: Move, seller: Seller) -> None:
    found = move.moved(seller.business)
    assert found["leads"] == {"there": 2, "new": 2, "changed": 0, "same": 0, "kept": 0, "left_out": 0}
    assert found["contacts"]["new"] == 3
    # The same source once more, in the list of those that do not say what they are for.
    assert (found["deal_sources"]["new"], found["sources"]["same"]) == (1, 1)


def test_it_changes_nothing_when_it_is_said_again(move: Move, seller: Seller) -> None:
    first = move.moved(seller.business)
    told = {name: seller.listed(f"/{name}") for name in ("leads", "contacts", "deals", "notes", "tasks")}
    again = counts(move.load(seller.business))
    assert {name: one["same"] for name, one in again.items()} == {
        name: one["there"] for name, one in first.items()
    }
    assert {name: seller.listed(f"/{name}") for name in told} == told


def test_those_who_are_born_here_take_no_id_of_theirs(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    made = [
        seller.made("/leads", last_name="New"),
        seller.made("/contacts", last_name="New"),
        seller.made("/tags", name="new", resource_type="lead"),
    ]
    assert all(10**12 < one["id"] < 2**53 for one in made)


def test_a_taken_id_gives_way_and_all_that_names_it_follows(
    move: Move, seller: Seller, stranger: Seller
) -> None:
    move.moved(stranger.business)
    found = move.moved(seller.business)
    assert found["leads"]["new"] == 2
    (joan,) = seller.listed("/leads", first_name="Joan")
    (deal,) = seller.listed("/deals")
    (grace,) = seller.listed("/contacts", first_name="Grace")
    assert joan["id"] != move.n + 20
    assert deal["contact_id"] == grace["id"]
    (note,) = seller.listed("/notes", resource_type="lead", resource_id=joan["id"])
    assert note["content"] == "Wants oak"
    assert seller.get(f"/sources/{joan['source_id']}").status_code == 404
    assert seller.get(f"/lead_sources/{joan['source_id']}").json()["data"]["name"] == "Fair"
    (converted,) = seller.listed("/lead_conversions")
    assert (converted["individual_id"], converted["deal_id"]) == (grace["id"], deal["id"])
    # And nothing of the other's was touched.
    assert stranger.get(f"/leads/{move.n + 20}").json()["data"] == move.lists["leads"][0]


def test_what_a_business_has_by_name_is_the_same(move: Move, seller: Seller) -> None:
    fair = seller.made("/lead_sources", name="Fair")
    oak = seller.made("/tags", name="oak", resource_type="lead")
    found = move.moved(seller.business)
    assert (found["lead_sources"]["same"], found["tags"]["same"]) == (1, 1)
    assert seller.get(f"/leads/{move.n + 20}").json()["data"]["source_id"] == fair["id"]
    assert [tag["id"] for tag in seller.listed("/tags", name="oak")] == [oak["id"]]


def test_a_pipeline_that_nobody_used_makes_way(move: Move, seller: Seller) -> None:
    assert [one["name"] for one in seller.listed("/pipelines")] == ["Sales Pipeline"]
    move.moved(seller.business)
    assert [one["name"] for one in seller.listed("/pipelines")] == ["Chairs"]


def test_a_pipeline_with_a_deal_stays(move: Move, seller: Seller) -> None:
    contact = seller.made("/contacts", last_name="Own")
    deal = seller.made("/deals", name="Own", contact_id=contact["id"])
    move.moved(seller.business)
    assert sorted(one["name"] for one in seller.listed("/pipelines")) == ["Chairs", "Sales Pipeline"]
    assert seller.get(f"/deals/{deal['id']}").json()["data"]["stage_id"] == deal["stage_id"]


def test_the_owner_stays_the_one_who_acts_where_nobody_is_named(move: Move, seller: Seller) -> None:
    owner = seller.get("/users/self").json()["data"]["id"]
    move.moved(seller.business)
    assert seller.get("/users/self").json()["data"]["id"] == owner
    with transaction() as session:
        users = users_of(session, seller.business)
    assert [user.id for user in users] == [owner, move.n + 1, move.n + 2]
    assert [user.active for user in users] == [True, True, False]


def test_what_names_nothing_is_left_out_and_said(move: Move, seller: Seller) -> None:
    n = move.n
    move.lists["notes"].append(note(n + 55, n, "deal", n + 99, "Of a deal that nobody told of"))
    move.lists["leads"][0]["owner_id"] = n + 97
    move.pull()
    done = move.load(seller.business)
    assert done.returncode == 1
    assert counts(done)["notes"]["left_out"] == 1
    assert f"left out: notes {n + 55}: its deal {n + 99} is not there\n" in done.stderr
    assert "leads: owner_id names what is not there, and was left empty in 1 records\n" in done.stderr
    assert (move.folder / "left-out.txt").read_text() == f"notes {n + 55}: its deal {n + 99} is not there\n"


def test_attributes_that_have_no_place_are_said_and_not_shown(move: Move, seller: Seller) -> None:
    move.lists["leads"][0] |= {"zendesk_secret": "Ada's", "status": "New", "tags": "oak"}
    move.pull()
    done = move.load(seller.business)
    assert "leads: zendesk_secret has no place here, or could not be read, in 1 records\n" in done.stderr
    assert "leads: tags has no place here, or could not be read, in 1 records\n" in done.stderr
    assert "Ada's" not in done.stdout + done.stderr


def test_what_is_longer_than_our_doors_allow_is_kept_whole(move: Move, seller: Seller) -> None:
    lead = move.lists["leads"][0]
    lead |= {"title": "x" * 5000, "last_name": "Clarke\x00"}
    move.lists["notes"][0]["content"] = "y" * 200_000
    move.lists["deals"][0]["value"] = "12.345"
    move.moved(seller.business)
    kept = seller.get(f"/leads/{lead['id']}").json()["data"]
    assert (kept["title"], kept["last_name"]) == ("x" * 5000, "Clarke")
    assert len(seller.get(f"/notes/{move.n + 50}").json()["data"]["content"]) == 200_000
    assert seller.get(f"/deals/{move.n + 30}").json()["data"]["value"] == "12.34"


def test_organizations_in_a_ring_lose_no_more_than_the_ring(move: Move, seller: Seller) -> None:
    n = move.n
    move.lists["contacts"][2]["parent_organization_id"] = n + 13
    move.moved(seller.business)
    above = [
        seller.get(f"/contacts/{number}").json()["data"]["parent_organization_id"]
        for number in (n + 13, n + 14)
    ]
    assert above == [None, None]
    assert seller.get(f"/contacts/{n + 12}").json()["data"]["contact_id"] == n + 13


def test_it_refuses_a_folder_without_an_account(move: Move, seller: Seller) -> None:
    assert "holds no whole account" in move.load(seller.business).stderr


def test_it_names_a_line_that_is_none(move: Move, seller: Seller) -> None:
    move.pull()
    with (move.folder / "leads.jsonl").open("a") as file:
        file.write('{"id": \n')
    done = move.load(seller.business)
    assert (done.returncode, done.stderr) == (1, "intake: leads.jsonl, line 3: not a record\n")


def test_one_that_the_database_refuses_does_not_fail_its_neighbours(move: Move, seller: Seller) -> None:
    n = move.n
    move.lists["tasks"].append(task(2**63, n, None, None, "Beyond all numbers"))
    move.lists["lead_sources"].append({"id": n + 90, "name": None})
    move.pull()
    done = move.load(seller.business)
    assert f"left out: lead_sources {n + 90}: it has no name\n" in done.stderr
    assert f"left out: tasks {2**63}: the database refuses it: NumericValueOutOfRange\n" in done.stderr
    assert counts(done)["tasks"]["new"] == 2


def test_a_record_without_an_id_is_named(move: Move, seller: Seller) -> None:
    move.lists["notes"][1]["id"] = None
    move.pull()
    assert move.load(seller.business).stderr == "intake: notes.jsonl, line 2: a record without an id\n"


def test_what_is_told_to_be_nothing_and_must_be_something_stays(move: Move, seller: Seller) -> None:
    deal = move.lists["deals"][0]
    deal |= {"added_at": None, "added_on": None, "currency": None}
    move.moved(seller.business)
    kept = seller.get(f"/deals/{deal['id']}").json()["data"]
    assert (kept["added_at"], kept["currency"]) == (deal["created_at"], "USD")
    deal |= {"last_stage_change_at": None, "updated_at": "2024-01-01T00:00:00Z"}
    assert move.moved(seller.business)["deals"]["changed"] == 1
    kept = seller.get(f"/deals/{deal['id']}").json()["data"]
    assert kept["last_stage_change_at"] == "2022-01-01T00:00:00Z"
