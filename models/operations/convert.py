"""Convert: a lead becomes a contact, a company and a deal; its history follows by the reattach job.

All of it is one transaction under the lead's row lock, and unique by lead: whoever converts again, at
the same time or after a crash, is answered with the first conversion (promise P36).
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.activity import ActivityKind
from models.business import OWNER_FIRST, Business, User
from models.contact import Contact
from models.conversion import Conversion, ConversionState
from models.database import now
from models.deal import Deal, StageCategory
from models.errors import UnknownLead, UnknownUser
from models.identifiers import new_uid
from models.job import JobKind
from models.lead import Lead
from models.operations.actor import Actor
from models.operations.emit import emit
from models.operations.history import new_timeline, next_timeline
from models.operations.pipelines import default_stage
from models.operations.promise import job_of, promise
from models.operations.tags import know_tags
from models.subscription import EventType
from models.timeline import Owner

COPIED = (
    "title", "description", "industry", "website", "email", "phone", "phone_e164", "mobile", "fax", "twitter",
    "facebook", "linkedin", "skype", "source", "do_not_contact",
)  # fmt: skip
COPIED_TO_COMPANY = ("industry", "website", "source")


@dataclass(frozen=True, kw_only=True, slots=True)
class ConvertLead:
    """Convert one lead. Everything made belongs to `owner_id`, else to the lead's owner."""

    business_id: int
    lead_id: int
    actor: Actor
    owner_id: int | None = None
    create_deal: bool = True


@dataclass(frozen=True, slots=True)
class Converted:
    """The conversion, and whether this call made it."""

    conversion: Conversion
    created: bool


def convert(session: Session, command: ConvertLead) -> Converted:
    """Make the contacts and the deal of a lead. Raises `UnknownLead` or `UnknownUser`."""
    lead = locked_lead(session, command)
    first = session.exec(
        select(Conversion).where(Conversion.lead_id == lead.id, Conversion.state != ConversionState.UNDONE)
    ).first()
    if first is not None:
        return Converted(first, created=False)
    maker = Maker(session, command, lead, owner_for(session, command, lead))
    organization = maker.organization()
    individual = maker.individual(organization)
    people = [contact for contact in (individual, organization) if contact is not None]
    deal = maker.deal(people[0], people[-1]) if command.create_deal else None
    conversion = Conversion(
        business_id=command.business_id,
        lead_id=lead.id,
        individual_id=individual.id if individual else None,
        organization_id=organization.id if organization else None,
        deal_id=deal.id if deal else None,
        creator_id=command.actor.user_id,
    )
    session.add(conversion)
    lead.converted_at = now(session)
    maker.tell(lead.timeline_id, ActivityKind.CONVERTED, "Lead converted", "lead", "contact")
    session.flush()
    promise_reattach(session, conversion)
    emit(session.connection(), command.business_id, EventType.LEAD_CONVERTED, conversion.id)
    session.refresh(conversion)
    return Converted(conversion, created=True)


def locked_lead(session: Session, command: ConvertLead) -> Lead:
    """The lead, which nobody else converts meanwhile."""
    query = select(Lead).where(Lead.business_id == command.business_id, Lead.id == command.lead_id)
    lead = session.exec(query.where(col(Lead.deleted_at).is_(None)).with_for_update()).first()
    if lead is None:
        raise UnknownLead("there is no such lead", "lead_id")
    return lead


def owner_for(session: Session, command: ConvertLead, lead: Lead) -> int | None:
    """Whom the new records belong to: the wanted owner, else the lead's, else the business's first user."""
    wanted = command.owner_id if command.owner_id is not None else lead.owner_id
    users = select(User.id).where(User.business_id == command.business_id).order_by(*OWNER_FIRST)
    if wanted is None:
        return session.exec(users).first()
    if session.exec(users.where(User.id == wanted)).first() is None:
        raise UnknownUser("there is no such user", "owner_id")
    return wanted


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the records of one conversion, all with the same owner, author and origin."""

    session: Session
    command: ConvertLead
    lead: Lead
    owner_id: int | None

    def organization(self) -> Contact | None:
        """The company, where the lead names one."""
        if not self.lead.organization_name:
            return None
        alone = not self.lead.last_name
        contact = Contact(
            **copied(self.lead, COPIED if alone else COPIED_TO_COMPANY),
            # One uid names the person all the way: the individual's, else the organization's.
            uid=self.lead.uid if alone else new_uid(),
            is_organization=True,
            name=self.lead.organization_name,
        )
        return self.born(contact, "Organization")

    def individual(self, organization: Contact | None) -> Contact | None:
        """The person; one whom another tongue gave no last name goes by what there is."""
        lead = self.lead
        if organization is not None and not lead.last_name:
            return None
        contact = Contact(
            **copied(lead, COPIED),
            uid=lead.uid,
            name=f"{lead.first_name} {lead.last_name}".strip() or lead.email or lead.unique_id,
            first_name=lead.first_name,
            last_name=lead.last_name,
            external_id=lead.unique_id,
            position=lead.title,
            country=str(lead.place.get("country") or ""),
            contact_id=organization.id if organization else None,
        )
        return self.born(contact, "Contact")

    def deal(self, contact: Contact, named: Contact) -> Deal:
        """In the first stage of the incoming category, named after the organization, else the person."""
        deal = Deal(
            **self.origin(),
            contact_id=contact.id,
            organization_id=named.id if named.is_organization else None,
            stage_id=default_stage(self.session, self.command.business_id, StageCategory.INCOMING).id,
            name=named.name,
            currency=self.session.get_one(Business, self.command.business_id).currency,
        )
        self.session.add(deal)
        self.session.flush()
        self.know_tags(Owner.DEAL)
        new_timeline(self.session, deal.business_id, Owner.DEAL, deal.id, deal.timeline_id)
        self.tell(deal.timeline_id, ActivityKind.CREATED, "Deal created by conversion", "", deal.name)
        return deal

    def born(self, contact: Contact, noun: str) -> Contact:
        for name, value in self.origin().items():
            setattr(contact, name, value)
        self.session.add(contact)
        self.session.flush()
        self.know_tags(Owner.CONTACT)
        new_timeline(self.session, contact.business_id, Owner.CONTACT, contact.id, contact.timeline_id)
        self.tell(
            contact.timeline_id, ActivityKind.CREATED, f"{noun} created by conversion", "", contact.name
        )
        return contact

    def origin(self) -> dict[str, Any]:
        """What every record of the conversion has in common."""
        return {
            "business_id": self.command.business_id,
            "timeline_id": next_timeline(self.session),
            "creator_id": self.command.actor.user_id,
            "owner_id": self.owner_id,
            "tags": list(self.lead.tags),
        }

    def know_tags(self, owner_type: Owner) -> None:
        actor = self.command.actor
        know_tags(self.session, self.command.business_id, owner_type, self.lead.tags, actor.user_id)

    def tell(self, timeline_id: int, kind: ActivityKind, description: str, old: str, new: str) -> None:
        activity = self.command.actor.did(
            business_id=self.command.business_id,
            timeline_id=timeline_id,
            kind=kind,
            description=description,
            old_value=old,
            new_value=new,
        )
        self.session.add(activity)


def copied(lead: Lead, names: tuple[str, ...]) -> dict[str, Any]:
    """What a contact takes over from its lead."""
    facts = {name: getattr(lead, name) for name in names}
    address = lead.place or ({"line1": lead.address} if lead.address else {})
    return facts | {"address": address, "custom_fields": lead.fields}


def promise_reattach(session: Session, conversion: Conversion) -> None:
    """Owe the reattachment in the same transaction: it happens if, and only if, the conversion does."""
    promise(session, job_of(JobKind.REATTACH, conversion.business_id, conversion.id))
