"""A lead becomes a contact, a company and a deal, once."""

import threading
from typing import Any

import pytest
from sqlmodel import col, func, select

from models.activity import Activity
from models.business import Business, User
from models.contact import Contact
from models.conversion import Conversion
from models.database import transaction
from models.deal import Deal, Stage
from models.errors import UnknownLead, UnknownUser
from models.job import Job
from tests.conftest import founded
from tests.conversions.support import a_lead, converted


def made(table: type[Any], number: int | None) -> Any:
    with transaction() as session:
        return session.get_one(table, number)


def count(table: type[Any], business: Business) -> int:
    with transaction() as session:
        return session.exec(
            select(func.count()).select_from(table).where(table.business_id == business.id)
        ).one()


def test_it_works(business: Business) -> None:
    lead = a_lead(business, tags=["vip"], email="ada@example.org", phone="415 555 0123", address="12 Square")
    result = converted(business, lead)
    individual = made(Contact, result.conversion.individual_id)
    organization = made(Contact, result.conversion.organization_id)
    deal = made(Deal, result.conversion.deal_id)
    assert result.created
    assert (individual.uid, individual.name, individual.email) == (
        lead.uid,
        "Ada Lovelace",
        "ada@example.org",
    )
    assert (individual.contact_id, individual.is_organization) == (organization.id, False)
    assert (organization.name, organization.is_organization) == ("Engines", True)
    assert individual.address == {"line1": "12 Square"}
    assert (deal.name, deal.value, deal.currency) == ("Engines", 0, "USD")
    assert (deal.contact_id, deal.organization_id) == (individual.id, organization.id)
    assert made(Stage, deal.stage_id).category == "incoming"
    assert individual.tags == organization.tags == deal.tags == ["vip"]


@pytest.mark.parametrize(
    ("names", "individual", "organization", "deal"),
    [
        ({"organization_name": ""}, "Ada Lovelace", None, "Ada Lovelace"),
        ({"last_name": ""}, None, "Engines", "Engines"),
        ({"last_name": "", "organization_name": ""}, "Ada", None, "Ada"),
        (
            {"first_name": "", "last_name": "", "organization_name": "", "email": "ada@example.org"},
            "ada@example.org", None, "ada@example.org",
        ),
    ],
)  # fmt: skip
def test_it_makes_what_the_names_say(
    business: Business, names: dict[str, str], individual: str | None, organization: str | None, deal: str
) -> None:
    lead = a_lead(business, **names)
    conversion = converted(business, lead).conversion
    person = made(Contact, conversion.individual_id) if conversion.individual_id else None
    company = made(Contact, conversion.organization_id) if conversion.organization_id else None
    assert (person.name if person else None, company.name if company else None) == (individual, organization)
    assert made(Deal, conversion.deal_id).name == deal
    assert {contact.uid for contact in (person or company,) if contact} == {lead.uid}


def test_it_makes_no_deal_unless_wanted(business: Business) -> None:
    assert converted(business, a_lead(business), create_deal=False).conversion.deal_id is None
    assert count(Deal, business) == 0


class TestOwner:
    def test_it_is_the_one_asked_for_else_the_leads_else_the_first_user(self, business: Business) -> None:
        with transaction() as session:
            first = session.exec(select(User).where(User.business_id == business.id)).one()
            bob = User(business_id=business.id, username="bob")
            session.add(bob)
        for lead_owner, wanted, expected in (
            (None, None, first),
            (bob.id, None, bob),
            (bob.id, first.id, first),
        ):
            conversion = converted(
                business, a_lead(business, owner_id=lead_owner), owner_id=wanted
            ).conversion
            assert made(Contact, conversion.individual_id).owner_id == expected.id
            assert made(Deal, conversion.deal_id).owner_id == expected.id

    def test_it_must_be_of_the_business(self, business: Business) -> None:
        other = founded()
        with transaction() as session:
            stranger = session.exec(select(User).where(User.business_id == other.id)).one()
        with pytest.raises(UnknownUser):
            converted(business, a_lead(business), owner_id=stranger.id)


@pytest.mark.parametrize("which", ["missing", "another business's", "deleted"])
def test_it_refuses_a_lead_that_is_not_there(business: Business, which: str) -> None:
    lead = a_lead(founded() if which == "another business's" else business)
    with transaction() as session:
        row = session.merge(lead)
        if which == "deleted":
            row.deleted_at = row.created_at
    lead.id = lead.id + 1_000_000 if which == "missing" else lead.id
    with pytest.raises(UnknownLead):
        converted(business, lead)


def test_it_answers_the_first_conversion_when_asked_again(business: Business) -> None:
    lead = a_lead(business)
    first = converted(business, lead).conversion
    again = converted(business, lead, create_deal=False)
    assert (again.created, again.conversion.id, again.conversion.deal_id) == (False, first.id, first.deal_id)
    assert (count(Conversion, business), count(Contact, business), count(Deal, business)) == (1, 2, 1)


def test_it_converts_once_under_fifty_callers(business: Business) -> None:
    lead, barrier, results, errors = a_lead(business), threading.Barrier(50), [], []

    def one() -> None:
        barrier.wait()
        try:
            results.append(converted(business, lead))
        except Exception as exc:  # noqa: BLE001 - told below
            errors.append(exc)

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len({result.conversion.id for result in results}) == 1
    assert sum(result.created for result in results) == 1
    assert (count(Contact, business), count(Deal, business)) == (2, 1)


def test_it_owes_the_reattachment_and_tells_every_step(business: Business) -> None:
    conversion = converted(business, a_lead(business)).conversion
    with transaction() as session:
        job = session.exec(select(Job).where(Job.business_id == business.id)).one()
        query = select(Activity).where(Activity.business_id == business.id).order_by(col(Activity.id))
        told = session.exec(query).all()
    assert (job.kind, job.queue, job.subject_id) == ("reattach", "convert", conversion.id)
    assert [activity.description for activity in told] == [
        "Organization created by conversion",
        "Contact created by conversion",
        "Deal created by conversion",
        "Lead converted",
    ]
    assert (told[-1].old_value, told[-1].new_value, told[-1].actor_name) == ("lead", "contact", "lead-intake")
