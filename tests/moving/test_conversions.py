"""What Sell converted is one person here, whatever became of the pieces; nobody is lost on the way."""

import pytest

from models.database import transact, transaction
from models.lead import Lead
from models.operations.history import timelines_of
from models.operations.person.erase import ErasePerson, erase_person
from models.timeline import Owner
from tests.moving.account import Record, contact, lead, note
from tests.moving.conftest import Move, counts
from tests.sell.conftest import Seller

LATER = "2024-01-01T00:00:00Z"


def one_lead(number: int) -> Lead:
    with transaction() as session:
        return session.get_one(Lead, number)


def erase(seller: Seller, reference: str) -> None:
    transact(erase_person, ErasePerson(business_id=seller.business.id, reference=reference))


def moved_as_a_lead(move: Move, seller: Seller) -> tuple[Record, Record]:
    """Grace before she was converted, known by telephone alone; her conversion, and the contact."""
    n, lists = move.n, move.lists
    conversion, grace = lists["lead_conversions"].pop(), lists["contacts"].pop(0)
    lists["deals"].clear()
    lists["notes"] = lists["notes"][:1]
    lists["leads"].append(lead(n + 22, n, "Hopper", phone="+14155550123"))
    move.moved(seller.business)
    return conversion, grace


def test_it_cannot_be_taken_back(move: Move, seller: Seller) -> None:
    """What it made stood there for years; to take it back would delete that."""
    move.moved(seller.business)
    answer = seller.delete(f"/lead_conversions/{move.n + 40}")
    assert answer.status_code == 422
    assert "converted before it came here" in answer.text
    assert seller.get(f"/contacts/{move.n + 12}").status_code == 200


def test_a_lead_is_not_lost_for_a_contact_that_is_not_there(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    lists["leads"].append(lead(n + 22, n, "Hopper"))
    grace = lists["contacts"].pop(0)
    deals = lists["deals"][:]
    lists["deals"].clear()
    lists["notes"] = lists["notes"][:1]
    move.pull()
    done = move.load(seller.business)
    assert f"left out: lead_conversions {n + 40}: its contact {n + 12} is not there\n" in done.stderr
    assert seller.get(f"/leads/{n + 22}").status_code == 200
    lists["contacts"].append(grace)
    lists["deals"] += deals
    move.moved(seller.business)
    assert seller.get(f"/leads/{n + 22}").status_code == 404
    (told,) = seller.listed("/lead_conversions")
    assert told == lists["lead_conversions"][0]


def test_two_leads_that_became_one_contact(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    lists["lead_conversions"].append(lists["lead_conversions"][0] | {"id": n + 41, "lead_id": n + 23})
    move.moved(seller.business)
    first, second = one_lead(n + 22), one_lead(n + 23)
    assert first.uid != second.uid
    assert len(seller.listed("/lead_conversions")) == 2
    headers = {"Authorization": f"Bearer {seller.token}"}
    person = seller.client.get(f"/api/v1/contacts/{first.uid}", headers=headers)
    assert person.json()["data"]["name"] == "Grace Hopper"


def test_who_is_erased_by_one_of_two_leads_is_erased_by_both(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    lists["leads"] += [
        lead(n + 22, n, "Hopper", email="grace@one.example.org"),
        lead(n + 23, n, "Hopper", email="grace@two.example.org"),
    ]
    conversion = lists["lead_conversions"].pop()
    move.moved(seller.business)
    lists["leads"] = lists["leads"][:2]
    lists["lead_conversions"] += [conversion, conversion | {"id": n + 41, "lead_id": n + 23}]
    move.moved(seller.business)
    erase(seller, "grace@two.example.org")
    assert [one_lead(n + number).email for number in (22, 23)] == ["", ""]
    assert seller.get(f"/contacts/{n + 12}").status_code == 404


def test_who_was_erased_as_a_lead_does_not_come_back_as_a_contact(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    conversion, grace = moved_as_a_lead(move, seller)
    erase(seller, one_lead(n + 22).uid)
    lists["leads"].pop()
    lists["lead_conversions"].append(conversion)
    lists["contacts"].append(grace | {"email": None, "phone": "+14155550123"})
    move.pull()
    done = move.load(seller.business)
    assert f"left out: contacts {n + 12}: the person was erased here\n" in done.stderr
    assert seller.get(f"/contacts/{n + 12}").status_code == 404
    assert one_lead(n + 22).last_name == ""


def test_no_lead_is_made_of_who_was_erased_before_the_first_move(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    lists["notes"].append(note(n + 53, n, "lead", n + 22, "Grace Hopper rang"))
    form = {"identifier_type": "email", "email": "grace@navy.example.org", "first_name": "Grace"}
    form["request_title"] = "Chairs"
    headers = {"Authorization": f"Bearer {seller.token}"}
    assert seller.client.post("/platform/v1/leadgen", data=form, headers=headers).status_code == 201
    erase(seller, "grace@navy.example.org")
    move.pull()
    done = move.load(seller.business)
    assert f"left out: lead_conversions {n + 40}: its contact {n + 12} is not there\n" in done.stderr
    assert f"left out: notes {n + 53}: its lead {n + 22} is not there\n" in done.stderr


def test_nothing_new_is_written_of_a_deal_of_who_was_erased(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    lists["contacts"][0]["contact_id"] = None
    lists["deals"][0]["organization_id"] = None
    move.moved(seller.business)
    erase(seller, "grace@navy.example.org")
    lists["notes"].append(note(n + 53, n, "deal", n + 30, "Grace Hopper rang"))
    move.pull()
    done = move.load(seller.business)
    assert f"left out: notes {n + 53}: its deal {n + 30} was deleted here\n" in done.stderr


@pytest.mark.parametrize("deleted", ["lead", "contact"])
def test_what_was_deleted_here_is_not_converted(move: Move, seller: Seller, deleted: str) -> None:
    n, lists = move.n, move.lists
    lists["leads"].append(lead(n + 22, n, "Hopper"))
    conversion = lists["lead_conversions"].pop()
    move.moved(seller.business)
    number = n + 22 if deleted == "lead" else n + 12
    assert seller.delete(f"/{deleted}s/{number}").status_code == 204
    lists["lead_conversions"].append(conversion)
    move.pull()
    done = move.load(seller.business)
    assert f"left out: lead_conversions {n + 40}: its {deleted} {number} was deleted here\n" in done.stderr
    assert one_lead(n + 22).converted_at is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("lead_conversions", {"lead_id": None}),
        ("lead_conversions", {"created_at": None}),
        ("lead_conversions", {"individual_id": None, "organization_id": None}),
        ("notes", {"resource_type": None}),
        ("notes", {"resource_type": "ship"}),
        ("contacts", {"parent_organization_id": [1]}),
    ],
)
def test_odd_records_stop_nothing(move: Move, seller: Seller, name: str, change: dict[str, object]) -> None:
    move.lists[name][0].update(change)
    move.pull()
    done = move.load(seller.business)
    assert "Traceback" not in done.stderr
    assert counts(done)["tasks"]["new"] == 2


@pytest.mark.parametrize("gone", ["role", "created_at"])
def test_an_associated_contact_needs_no_more_than_its_ids(move: Move, seller: Seller, gone: str) -> None:
    n = move.n
    del move.lists[f"deals/{n + 30}/associated_contacts"][0][gone]
    move.moved(seller.business)
    assert len(seller.listed(f"/deals/{n + 30}/associated_contacts")) == 1


def test_a_company_alone_became_of_a_lead(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    lists["contacts"].append(contact(n + 15, n, is_organization=True, name="Bell", email="b@example.org"))
    lists["lead_conversions"].append(
        lists["lead_conversions"][0]
        | {"id": n + 41, "lead_id": n + 23, "individual_id": None, "organization_id": n + 15, "deal_id": None}
    )
    move.moved(seller.business)
    assert (one_lead(n + 23).organization_name, one_lead(n + 23).email) == ("Bell", "b@example.org")


def test_a_deal_that_comes_later_is_the_conversion_s(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    deals = lists["deals"][:]
    lists["deals"].clear()
    lists["notes"].pop()
    move.moved(seller.business)
    assert seller.listed("/lead_conversions")[0]["deal_id"] is None
    lists["deals"] += deals
    assert move.moved(seller.business)["lead_conversions"]["changed"] == 1
    assert seller.listed("/lead_conversions") == lists["lead_conversions"]
    with transaction() as session:
        shown = timelines_of(session, seller.business.id, Owner.DEAL, n + 30)
    assert one_lead(n + 22).timeline_id in shown
    assert move.moved(seller.business)["lead_conversions"]["same"] == 1


def test_who_was_converted_here_does_not_come_a_second_time(move: Move, seller: Seller) -> None:
    """Else there were two contacts, of which an erasure would find one."""
    n, lists = move.n, move.lists
    conversion, grace = moved_as_a_lead(move, seller)
    assert seller.post("/lead_conversions", {"lead_id": n + 22}).status_code == 200
    lists["lead_conversions"].append(conversion)
    lists["contacts"].append(grace)
    move.pull()
    done = move.load(seller.business)
    assert f"left out: contacts {n + 12}: its lead was converted here\n" in done.stderr
    assert len(seller.listed("/contacts", last_name="Hopper")) == 1


def test_a_contact_who_was_here_all_along_is_not_taken_for_the_erased(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    conversion = lists["lead_conversions"].pop()
    lists["leads"].append(lead(n + 22, n, "Other", phone="+14155550123"))
    move.moved(seller.business)
    erase(seller, one_lead(n + 22).uid)
    lists["leads"].pop()
    lists["lead_conversions"].append(conversion)
    lists["contacts"][0] |= {"title": "Admiral", "updated_at": LATER}
    move.pull()
    done = move.load(seller.business)
    assert counts(done)["contacts"]["changed"] == 1
    assert seller.get(f"/contacts/{n + 12}").json()["data"]["title"] == "Admiral"
