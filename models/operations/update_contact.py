"""Update a contact: write new values into named fields, each change told by an activity of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from models.activity import Activity, ActivityKind
from models.contact import Contact
from models.database import now
from models.errors import Invalid, NotFound
from models.operations.actor import Actor
from models.operations.find_person import find_contact

Value = str | bool

PLAIN = frozenset(
    (
        "avatar", "channel_data", "country", "do_not_contact", "email", "external_id", "is_anonymous",
        "is_potential_client", "language", "name", "phone", "phone_e164", "position", "source", "type",
    )
)  # fmt: skip

# What follows from another field, which tells of it.
DERIVED = frozenset(("phone_e164", "first_name", "last_name"))


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateContact:
    """Change the contact that `contact` names by uid or integer id.

    `changes` holds columns of `PLAIN`; an empty text clears. `company` names an organization in the
    same way: None leaves it, an empty text takes the contact out of its company.
    """

    business_id: int
    contact: str
    actor: Actor
    changes: Mapping[str, Value]
    company: str | None = None


def update_contact(session: Session, command: UpdateContact) -> Contact:
    """Raises `NotFound` for the contact, and `Invalid` naming `company` or a column at fault."""
    if not command.changes.keys() <= PLAIN:
        raise Invalid("this field cannot be changed")
    contact = find_contact(session, command.business_id, command.contact, locked=True)
    before = {name: getattr(contact, name) for name in command.changes}
    for name, value in {**command.changes, **named(contact, command.changes)}.items():
        setattr(contact, name, value)
    told = [
        line(command, contact, name, written(was), written(getattr(contact, name)))
        for name, was in before.items()
        if was != getattr(contact, name) and name not in DERIVED
    ]
    told += moved(session, command, contact)
    if told:
        contact.updated_at = now(session)
    session.add_all([contact, *told])
    session.flush()
    return contact


def named(contact: Contact, changes: Mapping[str, Value]) -> dict[str, Value]:
    """The parts of an individual's new name: its last word is the last name."""
    name = changes.get("name")
    if contact.is_organization or not isinstance(name, str) or name == contact.name:
        return {}
    first, _, last = name.rpartition(" ")
    return {"first_name": first.strip(), "last_name": last}


def moved(session: Session, command: UpdateContact, contact: Contact) -> list[Activity]:
    """Put the contact into the wanted company, or out of the one that it is in."""
    if command.company is None:
        return []
    company = organization(session, command, contact) if command.company else None
    old = session.get(Contact, contact.contact_id) if contact.contact_id is not None else None
    if company is old:
        return []
    contact.contact_id = company.id if company else None
    names = [one.name if one else "" for one in (old, company)]
    return [line(command, contact, "company", *names)]


def organization(session: Session, command: UpdateContact, contact: Contact) -> Contact:
    try:
        company = find_contact(session, command.business_id, command.company or "")
    except NotFound:
        raise Invalid("there is no such company", "company") from None
    if not company.is_organization or company.id == contact.id:
        raise Invalid("there is no such company", "company")
    return company


def line(command: UpdateContact, contact: Contact, field: str, old: str, new: str) -> Activity:
    return command.actor.did(
        business_id=command.business_id,
        timeline_id=contact.timeline_id,
        kind=ActivityKind.UPDATED,
        description=f"{field.replace('_', ' ').capitalize()} changed",
        facts={"field": field},
        old_value=old,
        new_value=new,
    )


def written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else value
