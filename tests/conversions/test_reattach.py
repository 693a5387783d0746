"""The history of a converted lead goes to its contact and its deal, whole and in one step."""

from sqlmodel import select

from models.activity import Note
from models.business import Business
from models.conversion import Conversion
from models.database import transaction
from models.identifiers import email_address, new_uid
from models.lead import IdentityKind, Lead
from models.operations.capture import capture_lead
from models.operations.commands import Arrival, CaptureLead
from models.operations.history import owner_of, recent_activities, timeline_of, timelines_of
from models.timeline import Owner
from tests.conversions.support import a_lead, acted, converted, moved, noted


def shown(business: Business, owner: Owner, number: int | None) -> list[int]:
    with transaction() as session:
        return timelines_of(session, business.id, owner, number or 0)


def test_it_works(business: Business) -> None:
    lead = a_lead(business)
    note = noted(business, lead.timeline_id)
    conversion = converted(business, lead).conversion
    assert lead.timeline_id in shown(business, Owner.LEAD, lead.id)
    assert moved(conversion.id)
    with transaction() as session:
        kept = session.get_one(Note, note.id)
        assert (kept.timeline_id, kept.created_at) == (note.timeline_id, note.created_at)
        owners = owner_of(session, [lead.timeline_id])
        done = session.get_one(Conversion, conversion.id)
    assert owners == {lead.timeline_id: (Owner.CONTACT, conversion.individual_id)}
    assert lead.timeline_id in shown(business, Owner.CONTACT, conversion.individual_id)
    assert lead.timeline_id in shown(business, Owner.CONTACT, conversion.organization_id)
    assert lead.timeline_id in shown(business, Owner.DEAL, conversion.deal_id)
    assert shown(business, Owner.LEAD, lead.id) == []
    assert (done.state, done.completed_at is not None) == ("complete", True)


def test_it_goes_to_the_organization_where_there_is_no_person(business: Business) -> None:
    lead = a_lead(business, last_name="")
    conversion = converted(business, lead).conversion
    moved(conversion.id)
    with transaction() as session:
        assert owner_of(session, [lead.timeline_id]) == {
            lead.timeline_id: (Owner.CONTACT, conversion.organization_id)
        }


def test_it_runs_twice_without_harm(business: Business) -> None:
    conversion = converted(business, a_lead(business)).conversion
    assert (moved(conversion.id), moved(conversion.id)) == (True, False)


def test_what_is_written_to_the_lead_meanwhile_follows(business: Business) -> None:
    lead = a_lead(business)
    conversion = converted(business, lead).conversion
    with transaction() as session:
        home = timeline_of(session, business.id, Owner.LEAD, lead.id)
    before, _ = noted(business, home or 0, "before"), moved(conversion.id)
    after = noted(business, home or 0, "after")
    assert before.timeline_id == after.timeline_id
    assert after.timeline_id in shown(business, Owner.CONTACT, conversion.individual_id)


def test_a_later_enquiry_of_the_same_person_hangs_on_the_contact(business: Business) -> None:
    def enquire() -> str:
        arrival = Arrival(uid=new_uid(), business_id=business.id, door="leadgen", body=b"")
        email = email_address("ada@example.org")
        command = CaptureLead(arrival=arrival, match_on=IdentityKind.EMAIL, email=email, title="A chair")
        with transaction() as session:
            return capture_lead(session, command).lead_uid

    uid = enquire()
    with transaction() as session:
        lead = session.exec(select(Lead).where(Lead.uid == uid)).one()
    conversion = converted(business, lead).conversion
    moved(conversion.id)
    assert enquire() == uid
    assert lead.timeline_id in shown(business, Owner.CONTACT, conversion.individual_id)


def test_the_newest_of_all_timelines_come_first(business: Business) -> None:
    lead = a_lead(business)
    for number in range(3):
        acted(business, lead.timeline_id, f"lead {number}")
    conversion = converted(business, lead).conversion
    moved(conversion.id)
    with transaction() as session:
        home = timeline_of(session, business.id, Owner.CONTACT, conversion.individual_id or 0)
    acted(business, home or 0, "contact")
    with transaction() as session:
        timelines = timelines_of(session, business.id, Owner.CONTACT, conversion.individual_id or 0)
        newest = recent_activities(session, timelines, limit=3)
    assert [activity.description for activity in newest] == [
        "contact", "History attached to the contact", "Lead converted",
    ]  # fmt: skip
