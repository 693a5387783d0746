"""Opt-in: a person confirms, by the link in a mail, what was agreed to in the person's name."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from models.activity import ActivityKind
from models.business import Business
from models.database import now
from models.enquiry import Enquiry
from models.errors import NotFound
from models.form import Form
from models.lead import Lead
from models.operations.actor import SYSTEM
from models.touch import Consent

LINK_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed to, where, and whether the link may still confirm it."""

    consent: Consent
    form: Form
    business: Business
    is_open: bool


def agreed(session: Session, token: str) -> Agreed:
    """Raises `NotFound`."""
    row = session.exec(
        select(Consent, Form, Business)
        .join(Form, col(Form.id) == col(Consent.form_id))
        .join(Business, col(Business.id) == col(Consent.business_id))
        .where(Consent.token == token)
        .with_for_update(of=Consent)
    ).first()
    if row is None:
        raise NotFound("no mail carried such a token")
    consent = row[0]
    is_open = consent.confirmed_at is not None or now(session) < consent.given_at + LINK_LIFE
    return Agreed(*row, is_open)


def confirm(session: Session, token: str) -> Agreed:
    """Opt the lead in, with time and source; a second time changes nothing. Raises `NotFound`."""
    found = agreed(session, token)
    if not found.is_open or found.consent.confirmed_at is not None:
        return found
    found.consent.confirmed_at = now(session)
    enquiry = session.get_one(Enquiry, found.consent.enquiry_id)
    lead = session.exec(select(Lead).where(Lead.id == found.consent.lead_id).with_for_update()).one()
    if not lead.opt_in:
        lead.opt_in, lead.opt_in_at = True, found.consent.confirmed_at
        lead.opt_in_source = enquiry.door
        lead.updated_at = found.consent.confirmed_at
    told = SYSTEM.did(
        business_id=lead.business_id,
        timeline_id=enquiry.timeline_id,
        kind=ActivityKind.CONFIRMED,
        description="Confirmed the opt-in by the link in a mail",
        facts={"form": found.form.uid, "wording": found.consent.wording},
    )
    session.add_all([found.consent, lead, told])
    session.flush()
    return found
