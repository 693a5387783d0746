"""A conversion is taken back while nobody has worked on what it made."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from models.activity import Activity
from models.business import Business
from models.contact import Contact
from models.conversion import Conversion
from models.database import transaction
from models.deal import Deal
from models.errors import UnknownConversion, WorkedOn
from models.lead import Lead
from models.operations.actor import SYSTEM
from models.operations.history import new_timeline, next_timeline, owner_of
from models.operations.undo import UndoConversion, undo
from models.timeline import Owner
from tests.conftest import founded
from tests.conversions.support import a_lead, converted, moved, noted


def undone(business: Business, conversion: Conversion) -> Conversion:
    with transaction() as session:
        return undo(
            session, UndoConversion(business_id=business.id, conversion_id=conversion.id, actor=SYSTEM)
        )


@pytest.mark.parametrize("reattached", [False, True])
def test_it_works(business: Business, reattached: bool) -> None:  # noqa: FBT001 - a parameter
    lead = a_lead(business)
    conversion = converted(business, lead).conversion
    if reattached:
        moved(conversion.id)
    # What was written about the person goes back with the history; it is no work on the contact.
    noted(business, lead.timeline_id)
    assert undone(business, conversion).state == "undone"
    with transaction() as session:
        assert session.get_one(Lead, lead.id).converted_at is None
        assert owner_of(session, [lead.timeline_id]) == {lead.timeline_id: (Owner.LEAD, lead.id)}
        assert session.get_one(Contact, conversion.individual_id).deleted_at is not None
        assert session.get_one(Contact, conversion.organization_id).deleted_at is not None
        assert session.get_one(Deal, conversion.deal_id).deleted_at is not None
        told = session.exec(
            select(Activity).where(Activity.timeline_id == lead.timeline_id).order_by(col(Activity.id))
        ).all()
    steps = ["converted", *(["reattached"] if reattached else []), "conversion_undone"]
    assert [activity.kind for activity in told] == steps


def test_the_reattachment_that_comes_too_late_changes_nothing(business: Business) -> None:
    lead = a_lead(business)
    conversion = converted(business, lead).conversion
    undone(business, conversion)
    assert not moved(conversion.id)


def test_the_lead_can_be_converted_again(business: Business) -> None:
    lead = a_lead(business)
    first = converted(business, lead).conversion
    undone(business, first)
    again = converted(business, lead)
    assert (again.created, again.conversion.id != first.id) == (True, True)
    assert again.conversion.individual_id != first.individual_id


def a_note_on(owner: Owner) -> Callable[[Business, Conversion], str]:
    def write(business: Business, conversion: Conversion) -> str:
        table: type[Any] = Deal if owner == Owner.DEAL else Contact
        number = conversion.deal_id if owner == Owner.DEAL else conversion.individual_id
        with transaction() as session:
            timeline = session.get_one(table, number).timeline_id
        noted(business, timeline)
        return f"{owner} {number}"

    return write


def another_deal(business: Business, conversion: Conversion) -> str:
    with transaction() as session:
        first = session.get_one(Deal, conversion.deal_id)
        deal = Deal(
            business_id=business.id,
            timeline_id=next_timeline(session),
            contact_id=conversion.individual_id or 0,
            stage_id=first.stage_id,
            name="Tables",
        )
        session.add(deal)
        session.flush()
        new_timeline(session, business.id, Owner.DEAL, deal.id, deal.timeline_id)
    return f"deal {deal.id}"


@pytest.mark.parametrize("work", [a_note_on(Owner.CONTACT), a_note_on(Owner.DEAL), another_deal])
def test_it_refuses_and_names_what_was_worked_on(
    business: Business, work: Callable[[Business, Conversion], str]
) -> None:
    conversion = converted(business, a_lead(business)).conversion
    named = work(business, conversion)
    with pytest.raises(WorkedOn, match=named):
        undone(business, conversion)
    with transaction() as session:
        assert session.get_one(Conversion, conversion.id).state == "converted"


def test_it_knows_only_conversions_of_the_business(business: Business) -> None:
    conversion = converted(business, a_lead(business)).conversion
    with pytest.raises(UnknownConversion):
        undone(founded(), conversion)
