"""Leads and contacts, as records that staff write."""

from sqlmodel import Session

from models.business import Business
from models.contact import Contact
from models.errors import Invalid, Missing
from models.identifiers import email_address, new_uid, phone_e164, slugify
from models.label import LabelKind
from models.lead import Lead
from models.operations.history import new_timeline, next_timeline
from models.operations.records.identities import (
    free_contact,
    free_lead,
    guard_contact,
    guard_lead,
    take_identity,
)
from models.operations.records.kind import Draft, Kind, Row, as_kept
from models.operations.records.labels import LABELS, SOURCES, make_tags
from models.operations.records.staff import USERS
from models.timeline import Owner

NEW = "New"


def settle_lead(draft: Draft) -> None:
    _needs_any(draft, "last_name", "organization_name")
    _settle_person(draft)
    if draft.new:
        draft.values.update(uid=new_uid(), timeline_id=next_timeline(draft.session))
        draft.values.setdefault("status", NEW)
        draft.values.setdefault("owner_id", draft.actor.user_id)
    if draft.changes("place"):
        # The other tongues know an address as one text.
        draft.values["address"] = ", ".join(str(line) for line in draft.values["place"].values())


def lead_document(lead: Lead, column: str) -> Row:
    """An address that came as one text is the first line of one in lines."""
    if column == "place" and not lead.place:
        return {"line1": lead.address} if lead.address else {}
    return as_kept(lead, column)


def born_lead(draft: Draft) -> None:
    lead: Lead = draft.record
    lead.slug = slugify(f"{lead.first_name} {lead.last_name}", lead.id)


def settle_contact(draft: Draft) -> None:
    if not draft.new and draft.changes("is_organization"):
        raise Invalid("an individual does not become an organization", "is_organization")
    if draft.will_be("is_organization"):
        _needs_any(draft, "name")
    else:
        _needs_any(draft, "last_name")
        _name_individual(draft)
    _settle_person(draft)
    if draft.new:
        draft.values.update(uid=new_uid(), timeline_id=next_timeline(draft.session))
        draft.values.setdefault("owner_id", draft.actor.user_id)
    elif draft.record.id in (draft.will_be("contact_id"), draft.will_be("parent_organization_id")):
        raise Invalid("a contact does not belong to itself", "contact_id")


def born_contact(draft: Draft) -> None:
    contact: Contact = draft.record
    new_timeline(draft.session, contact.business_id, Owner.CONTACT, contact.id, contact.timeline_id)


def _settle_person(draft: Draft) -> None:
    """The forms in which addresses and numbers are matched."""
    values = draft.values
    if values.get("email"):
        values["email"] = email_address(values["email"]).address
    if draft.changes("phone"):
        values["phone_e164"] = phone_e164(values["phone"], _country(draft.session, draft.business_id))


def _country(session: Session, business_id: int) -> str:
    return session.get_one(Business, business_id).country


def _needs_any(draft: Draft, *columns: str) -> None:
    """A record has one of these names; one that came by another tongue without stays as it is."""
    if any(draft.will_be(column) for column in columns):
        return
    if draft.new or any(getattr(draft.record, column) for column in columns):
        raise Missing(f"{' or '.join(columns)} must not be empty", columns[0])


def _name_individual(draft: Draft) -> None:
    names = (draft.will_be("first_name"), draft.will_be("last_name"))
    if draft.new or any(draft.changes(column) for column in ("first_name", "last_name")):
        draft.values["name"] = " ".join(name for name in names if name)
    else:
        draft.values.pop("name", None)


def tag_lead(draft: Draft) -> None:
    take_identity(draft)
    make_tags(draft)


LEADS = Kind(
    name="lead",
    table=Lead,
    ended=("deleted_at", "converted_at"),
    references={
        "owner_id": (USERS,),
        "source_id": SOURCES["lead"],
        "unqualified_reason_id": (LABELS[LabelKind.LEAD_UNQUALIFIED_REASON],),
    },
    guard=guard_lead,
    settle=settle_lead,
    born=born_lead,
    written=tag_lead,
    removed=free_lead,
    document=lead_document,
)
COMPANIES = Kind(name="contact", table=Contact, fixed={"is_organization": True}, ended=("deleted_at",))
CONTACTS = Kind(
    name="contact",
    table=Contact,
    ended=("deleted_at",),
    references={
        "owner_id": (USERS,),
        "contact_id": (COMPANIES,),
        "parent_organization_id": (COMPANIES,),
    },
    guard=guard_contact,
    settle=settle_contact,
    born=born_contact,
    written=make_tags,
    removed=free_contact,
)
