"""People who came along are known by every door; a lead is one person with the contact that it became."""

from sqlmodel import col, select

from models.activity import Activity
from models.business import Business
from models.database import transact, transaction
from models.job import Job
from models.lead import Identity, Lead
from models.operations.history import recent_activities, timelines_of
from models.operations.person.erase import ErasePerson, erase_person
from models.operations.subscriptions import Subscribe, subscribe
from models.subscription import Event
from models.timeline import Owner
from tests.moving.account import lead, note
from tests.moving.conftest import Move, counts
from tests.sell.conftest import Seller

JOAN = "joan@bletchley.example.org"


def asked(seller: Seller, email: str) -> str:
    """A person asks by the website's door; the uid of the one lead that it is."""
    form = {"identifier_type": "email", "email": email, "first_name": "X", "request_title": "More"}
    headers = {"Authorization": f"Bearer {seller.token}"}
    answer = seller.client.post("/platform/v1/leadgen", data=form, headers=headers)
    assert answer.status_code == 201
    uid: str = answer.json()["uid"]
    return uid


def one_lead(number: int) -> Lead:
    with transaction() as session:
        return session.get_one(Lead, number)


def test_it_works(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    kept = one_lead(move.n + 20)
    assert asked(seller, "JOAN@bletchley.example.org") == kept.uid
    assert (kept.slug, kept.phone_e164) == (f"joan-clarke-{move.n + 20}", "+442079460000")
    assert kept.address == "The Mansion, Milton Keynes"
    assert seller.get(f"/leads/{move.n + 20}").json()["data"]["first_name"] == "Joan"


def test_the_first_of_two_with_one_address_is_known_by_it(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    with transaction() as session:
        held = select(Identity).where(Identity.business_id == seller.business.id, Identity.value == JOAN)
        assert [one.lead_id for one in session.exec(held)] == [move.n + 20]


def test_an_address_that_is_taken_here_stays_with_whom_it_was(move: Move, seller: Seller) -> None:
    uid = asked(seller, JOAN)
    move.moved(seller.business)
    assert asked(seller, JOAN) == uid
    assert one_lead(move.n + 20).uid != uid


def test_an_address_that_is_none_is_kept_as_it_was_typed(move: Move, seller: Seller) -> None:
    move.lists["leads"][1]["email"] = "joan at bletchley"
    move.moved(seller.business)
    assert seller.get(f"/leads/{move.n + 21}").json()["data"]["email"] == "joan at bletchley"


def test_who_was_converted_there_is_known_here(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    n = move.n
    gone = one_lead(n + 22)
    assert seller.get(f"/leads/{n + 22}").status_code == 404
    assert (gone.first_name, gone.organization_name) == ("Grace", "Navy yard")
    assert asked(seller, "grace@navy.example.org") == gone.uid
    headers = {"Authorization": f"Bearer {seller.token}"}
    person = seller.client.get(f"/api/v1/contacts/{gone.uid}", headers=headers).json()["data"]
    assert (person["name"], person["email"]) == ("Grace Hopper", "grace@navy.example.org")


def test_the_histories_of_a_lead_and_its_contact_are_one(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    n = move.n
    with transaction() as session:
        of = {
            owner: timelines_of(session, seller.business.id, owner, number)
            for owner, number in ((Owner.CONTACT, n + 12), (Owner.CONTACT, n + 13), (Owner.DEAL, n + 30))
        }
        line = one_lead(n + 22).timeline_id
        assert all(line in timelines for timelines in of.values())
        assert timelines_of(session, seller.business.id, Owner.LEAD, n + 22) == []
        told = recent_activities(session, of[Owner.DEAL])
        assert {one.description for one in told} == {"Deal imported", "Lead imported"}


def test_a_lead_that_is_converted_between_two_moves_becomes_its_contact(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    conversion = lists["lead_conversions"].pop()
    lists["leads"].append(lead(n + 22, n, "Hopper", email="grace@navy.example.org", updated_at=LATER))
    lists["notes"].append(note(n + 53, n, "lead", n + 22, "Of the lead"))
    move.moved(seller.business)
    uid = one_lead(n + 22).uid
    lists["leads"].pop()
    lists["lead_conversions"].append(conversion)
    lists["notes"][-1] |= {"resource_type": "contact", "resource_id": n + 12, "updated_at": LATER}
    found = move.moved(seller.business)
    assert found["notes"]["changed"] == 1
    assert seller.get(f"/leads/{n + 22}").status_code == 404
    assert asked(seller, "grace@navy.example.org") == uid
    notes = seller.listed("/notes", resource_type="contact", resource_id=n + 12)
    assert {one["id"] for one in notes} == {n + 51, n + 53}


LATER = "2024-01-01T00:00:00Z"


def test_what_somebody_converted_here_stays_what_it_became(move: Move, seller: Seller) -> None:
    n, lists = move.n, move.lists
    conversion = lists["lead_conversions"].pop()
    lists["leads"].append(lead(n + 22, n, "Hopper"))
    move.moved(seller.business)
    made = seller.post("/lead_conversions", {"lead_id": n + 22}).json()["data"]
    lists["lead_conversions"].append(conversion)
    move.moved(seller.business)
    (told,) = seller.listed("/lead_conversions")
    assert told == made


def test_nobody_is_told(move: Move, seller: Seller) -> None:
    number = seller.business.id
    told = ("lead.created", "lead.updated", "lead.converted")
    with transaction() as session:
        subscribe(session, Subscribe(business_id=number, url="https://example.org/", events=told))
    move.moved(seller.business)
    move.lists["leads"][0]["updated_at"] = LATER
    move.moved(seller.business)
    with transaction() as session:
        assert session.exec(select(Job).where(Job.business_id == number)).all() == []
        assert session.exec(select(Event).where(Event.business_id == number)).all() == []


def erase(business: Business, reference: str) -> None:
    transact(erase_person, ErasePerson(business_id=business.id, reference=reference))


def test_who_was_erased_does_not_come_back(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    erase(seller.business, JOAN)
    for record in move.lists["leads"]:
        record["updated_at"] = LATER
    move.pull()
    done = move.load(seller.business)
    assert f"left out: leads {move.n + 20}: the person was erased here" in done.stderr
    with transaction() as session:
        held = session.exec(select(Lead).where(Lead.business_id == seller.business.id, Lead.email == JOAN))
        assert held.all() == []


def test_nothing_new_comes_of_somebody_who_was_erased(move: Move, seller: Seller) -> None:
    move.moved(seller.business)
    n, lists = move.n, move.lists
    erase(seller.business, JOAN)
    erase(seller.business, "grace@navy.example.org")
    lists["notes"].append(note(n + 54, n, "lead", n + 20, "Joan again"))
    lists["deals"].append(lists["deals"][0] | {"id": n + 31, "name": "Grace again"})
    move.sell.lists[f"deals/{n + 31}/associated_contacts"] = []
    move.pull()
    done = move.load(seller.business)
    assert f"left out: notes {n + 54}: its lead {n + 20} was deleted here\n" in done.stderr
    assert f"left out: deals {n + 31}: its contact {n + 12} was deleted here\n" in done.stderr
    assert (counts(done)["notes"]["same"], counts(done)["deals"]["same"]) == (3, 1)


def test_who_was_erased_before_the_first_move_does_not_come_along(move: Move, seller: Seller) -> None:
    asked(seller, JOAN)
    erase(seller.business, JOAN)
    move.pull()
    done = move.load(seller.business)
    assert f"left out: leads {move.n + 20}: the person was erased here" in done.stderr
    # What was written about them stays behind with them.
    assert f"left out: notes {move.n + 50}: its lead {move.n + 20} is not there" in done.stderr
    with transaction() as session:
        lines = select(Activity).where(Activity.business_id == seller.business.id)
        assert all("Joan" not in str(one) for one in session.exec(lines.order_by(col(Activity.id))))
