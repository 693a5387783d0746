"""Contacts: read one, list them, update one (seed 002)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import get, put
from litestar.params import FromPath
from sqlmodel import Session

from intake.ask import ask
from intake.dialects.nateq import schema
from intake.dialects.nateq.caller import Caller, caller_of
from intake.dialects.nateq.document import Changes, read
from intake.dialects.nateq.envelope import BadFields, Envelope, succeeded
from intake.dialects.nateq.listing import Query, meta, query_of
from intake.dialects.nateq.person import Object, contact_object
from intake.door import AnyRequest, document_of
from models.contact import Contact
from models.errors import Invalid
from models.operations.around import around_contacts
from models.operations.find_person import find_contact
from models.operations.identify import Tenant
from models.operations.list_people import list_contacts
from models.operations.records.staff import acting
from models.operations.tokens import Scope
from models.operations.update_contact import UpdateContact, update_contact


@dataclass(frozen=True, slots=True)
class Wanted:
    caller: Caller
    reference: str


@dataclass(frozen=True, slots=True)
class WantedList:
    caller: Caller
    query: Query


@dataclass(frozen=True, slots=True)
class Update:
    caller: Caller
    reference: str
    changes: Changes
    company: str | None


@get(
    "/contacts",
    operation_class=schema.ListPeople,
    operation_id="ListContacts",
    summary="List contacts",
    tags=["contacts"],
)
async def list_all(request: AnyRequest) -> Envelope:
    """Individuals and organizations, the newest first."""
    caller = await caller_of(request, Scope.LEADS_READ)
    wanted = WantedList(caller, query_of(request.query_params, "contact"))
    data, told = await ask(listed, wanted)
    return succeeded(data, "Contacts found", meta=told)


@get(
    "/contacts/{reference:str}",
    operation_class=schema.OnePerson,
    operation_id="GetContact",
    summary="Get a contact",
    tags=["contacts"],
)
async def get_one(request: AnyRequest, reference: FromPath[str]) -> Envelope:
    """A contact by its id, which is that of the lead from which it came."""
    caller = await caller_of(request, Scope.LEADS_READ)
    return succeeded(await ask(found, Wanted(caller, reference)), "Contact found")


@put(
    "/contacts/{reference:str}",
    operation_class=schema.UpdateOne,
    operation_id="UpdateContact",
    summary="Update a contact",
    tags=["contacts"],
)
async def update_one(request: AnyRequest, reference: FromPath[str]) -> Envelope:
    """Write the fields that are sent; null clears one, and one that is absent stays."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    changes, company = read(await document_of(request), caller.tenant.country)
    updated = await ask(update, Update(caller, reference, changes, company))
    return succeeded(updated, "Contact updated")


def shown(session: Session, tenant: Tenant, contacts: Sequence[Contact]) -> list[Object]:
    around = around_contacts(session, tenant.id, contacts)
    return [contact_object(contact, around, tenant) for contact in contacts]


def listed(session: Session, wanted: WantedList) -> tuple[list[Object], dict[str, Any]]:
    tenant = wanted.caller.tenant
    people = list_contacts(session, wanted.query.wanted(tenant.id))
    return shown(session, tenant, people.rows), meta(wanted.query, "contact", people)


def found(session: Session, wanted: Wanted) -> Object:
    tenant = wanted.caller.tenant
    return shown(session, tenant, [find_contact(session, tenant.id, wanted.reference)])[0]


def update(session: Session, wanted: Update) -> Object:
    tenant = wanted.caller.tenant
    command = UpdateContact(
        business_id=tenant.id,
        contact=wanted.reference,
        actor=acting(session, tenant.id, wanted.caller.user_id),
        changes=wanted.changes,
        company=wanted.company,
    )
    try:
        contact = update_contact(session, command)
    except Invalid as exc:
        if exc.field == "company":
            raise BadFields({"companyId": ["must be the id of an organization"]}) from exc
        raise
    return shown(session, tenant, [contact])[0]
