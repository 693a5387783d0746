"""Leads, and what is written about them, for the tests of conversions."""

from typing import Any

from models.activity import Activity, Note
from models.business import Business
from models.database import transaction
from models.identifiers import new_uid
from models.lead import Lead
from models.operations.actor import SYSTEM
from models.operations.convert import Converted, ConvertLead, convert
from models.operations.history import next_timeline
from models.operations.reattach import reattach


def a_lead(business: Business, **given: Any) -> Lead:
    with transaction() as session:
        lead = Lead(
            **{"first_name": "Ada", "last_name": "Lovelace", "organization_name": "Engines"} | given,
            business_id=business.id,
            uid=new_uid(),
            timeline_id=next_timeline(session),
        )
        session.add(lead)
    return lead


def converted(business: Business, lead: Lead, **given: Any) -> Converted:
    command = ConvertLead(business_id=business.id, lead_id=lead.id, actor=SYSTEM, **given)
    with transaction() as session:
        return convert(session, command)


def moved(conversion_id: int) -> bool:
    with transaction() as session:
        return reattach(session, conversion_id)


def noted(business: Business, timeline_id: int, content: str = "Called") -> Note:
    with transaction() as session:
        note = Note(business_id=business.id, timeline_id=timeline_id, content=content)
        session.add(note)
    return note


def acted(business: Business, timeline_id: int, description: str) -> Activity:
    with transaction() as session:
        activity = Activity(
            business_id=business.id, timeline_id=timeline_id, kind="updated", description=description
        )
        session.add(activity)
    return activity
