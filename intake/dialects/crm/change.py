"""Update and delete a lead, as its owner may."""

from litestar import post
from litestar.handlers import HTTPRouteHandler

from intake.dialects.crm import schema
from intake.dialects.crm.caller import caller_of
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import BLANK, form_of
from intake.dialects.crm.paths import spellings
from intake.dialects.crm.person import NO_ASSIGNEE, Person, person_of
from intake.dialects.crm.saying import Words, ask_saying
from intake.door import AnyRequest
from models.errors import UnknownLead, UnknownUser
from models.operations.owned.change import ChangeLead, DeleteLead, change_lead, delete_lead
from models.operations.owned.find import LONGEST_SLUG, DeletedLead, NotYours
from models.operations.tokens import Scope

UPDATING: Words = {
    # Misspelt in the contract, and so on the wire (row 27).
    UnknownLead: (None, "Requested lead does not esixt."),
    NotYours: (None, "You are not owner of this lead."),
    UnknownUser: ("assignee", NO_ASSIGNEE),
}
GONE: Words = {
    UnknownLead: ("slug", "Requested lead not found."),
    DeletedLead: ("slug", "Requested lead already has a deleted status."),
}
DELETING: Words = {**GONE, NotYours: (None, "You can't delete this lead.")}


@post(
    spellings("/update/lead"),
    status_code=200,
    operation_class=schema.UpdateLead,
    summary="Update a lead",
    tags=["crm leads"],
)
async def update_one(request: AnyRequest) -> Envelope:
    """Overwrite what is sent; what may be left out and is, stays (row 13)."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    form = await form_of(request)
    slug = form.text("slug", needed=True, blank=BLANK, most=LONGEST_SLUG)
    person = person_of(form)
    command = ChangeLead(
        business_id=caller.tenant.id,
        user_id=caller.user_id,
        slug=slug or "",
        values=columns_of(person),
        assignee=person.assignee,
    )
    await ask_saying(change_lead, command, UPDATING)
    return succeeded()


def columns_of(person: Person) -> dict[str, str]:
    columns = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email.address,
        "phone": person.phone,
        "status": person.status,
        "source": person.source,
        "address": person.location,
        "description": person.message,
    }
    return {column: value for column, value in columns.items() if value is not None}


@post(
    spellings("/delete/lead"),
    status_code=200,
    operation_class=schema.DeleteLead,
    summary="Delete a lead",
    tags=["crm leads"],
)
async def delete_one(request: AnyRequest) -> Envelope:
    """Hide a lead from every list; its history is kept (row 22)."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    form = await form_of(request)
    slug = form.text("slug", needed=True, blank=BLANK)
    form.check()
    command = DeleteLead(business_id=caller.tenant.id, user_id=caller.user_id, slug=slug or "")
    await ask_saying(delete_lead, command, DELETING)
    return succeeded()


HANDLERS: list[HTTPRouteHandler] = [update_one, delete_one]
