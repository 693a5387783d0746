"""Leads: read one, list them, convert one at once or later (seed 000)."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from sqlmodel import Session

from intake.ask import ask
from intake.dialects.nateq import schema
from intake.dialects.nateq.caller import caller_of
from intake.dialects.nateq.contacts import Wanted, WantedList, shown
from intake.dialects.nateq.conversions import accepted
from intake.dialects.nateq.envelope import Envelope, succeeded
from intake.dialects.nateq.listing import meta, query_of
from intake.dialects.nateq.person import Object, lead_object
from intake.door import AnyRequest, wants_later
from models.operations.around import around_leads
from models.operations.convert import ConvertLead, convert
from models.operations.convert_later import ConvertLater, convert_later
from models.operations.find_person import find_contact, find_lead
from models.operations.list_people import list_leads
from models.operations.records.staff import acting
from models.operations.tokens import Scope


@get(
    "/leads",
    operation_class=schema.ListPeople,
    operation_id="ListLeads",
    summary="List leads",
    tags=["leads"],
)
async def list_all(request: AnyRequest) -> Envelope:
    """Leads that are not converted yet, the newest first."""
    caller = await caller_of(request, Scope.LEADS_READ)
    wanted = WantedList(caller, query_of(request.query_params, "lead"))
    data, told = await ask(listed, wanted)
    return succeeded(data, "Leads found", meta=told)


@get(
    "/leads/{reference:str}",
    operation_class=schema.OnePerson,
    operation_id="GetLead",
    summary="Get a lead",
    tags=["leads"],
)
async def get_one(request: AnyRequest, reference: FromPath[str]) -> Envelope:
    """A lead by its id; a converted one is no potential client any more."""
    caller = await caller_of(request, Scope.LEADS_READ)
    return succeeded(await ask(found, Wanted(caller, reference)), "Lead found")


@post(
    "/leads/{reference:str}/convert",
    status_code=200,
    operation_class=schema.ConvertOne,
    operation_id="ConvertLeadToContact",
    summary="Convert a lead",
    tags=["leads"],
)
async def convert_one(request: AnyRequest, reference: FromPath[str]) -> Envelope:
    """Make a contact of a lead, which keeps its id; a lead that was converted gives the same contact again.

    With `Prefer: respond-async` (RFC 7240) a worker converts it, and the answer says where to look.
    """
    caller = await caller_of(request, Scope.CONVERT)
    wanted = Wanted(caller, reference)
    if wants_later(request):
        return accepted(request, await ask(convert_lead_later, wanted))
    return succeeded(await ask(convert_lead, wanted), "Lead converted")


def listed(session: Session, wanted: WantedList) -> tuple[list[Object], dict[str, Any]]:
    tenant = wanted.caller.tenant
    people = list_leads(session, wanted.query.wanted(tenant.id))
    around = around_leads(session, tenant.id, people.rows)
    return [lead_object(lead, around, tenant) for lead in people.rows], meta(wanted.query, "lead", people)


def found(session: Session, wanted: Wanted) -> Object:
    tenant = wanted.caller.tenant
    lead = find_lead(session, tenant.id, wanted.reference)
    return lead_object(lead, around_leads(session, tenant.id, [lead]), tenant)


def convert_lead(session: Session, wanted: Wanted) -> Object:
    """This tongue knows no deals, so none is made: the contact is all that its caller would ever see."""
    tenant = wanted.caller.tenant
    command = ConvertLead(
        business_id=tenant.id,
        lead_id=find_lead(session, tenant.id, wanted.reference).id,
        actor=acting(session, tenant.id, wanted.caller.user_id),
        create_deal=False,
    )
    conversion = convert(session, command).conversion
    made = conversion.individual_id or conversion.organization_id
    return shown(session, tenant, [find_contact(session, tenant.id, str(made))])[0]


def convert_lead_later(session: Session, wanted: Wanted) -> str:
    """The uid under which the outcome can be asked for."""
    tenant = wanted.caller.tenant
    command = ConvertLater(
        business_id=tenant.id,
        lead_ids=(find_lead(session, tenant.id, wanted.reference).id,),
        actor=acting(session, tenant.id, wanted.caller.user_id),
        create_deal=False,
    )
    return convert_later(session, command).uid
