"""View a lead: what is known of it, what was lately done about it, and its notes."""

from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler

from intake.dialects.crm import schema
from intake.dialects.crm.caller import caller_of
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import query_of
from intake.dialects.crm.paths import spellings
from intake.dialects.crm.saying import ask_saying
from intake.dialects.crm.values import moment
from intake.door import AnyRequest, doors_of
from models.activity import Activity, Note
from models.errors import UnknownLead
from models.operations.owned.view import Viewed, ViewLead, view_lead
from models.operations.tokens import Scope
from models.percentages import percentages

NO_SLUG = "This field is required and this may not be blank."
BAD_SLUG = "Requested slug is invalid."


@get(
    spellings("/view/lead"),
    operation_class=schema.ViewLead,
    summary="View a lead",
    tags=["crm leads"],
)
async def view_one(request: AnyRequest) -> Envelope:
    """A lead of the business by its slug; one that was converted is a customer."""
    caller = await caller_of(request, Scope.LEADS_READ)
    form = query_of(request)
    slug = form.text("slug", blank=NO_SLUG)
    if slug is None and not form.errors:
        form.refuse("slug", NO_SLUG)
    form.check()
    wanted = ViewLead(business_id=caller.tenant.id, slug=slug or "")
    viewed = await ask_saying(view_lead, wanted, {UnknownLead: ("slug", BAD_SLUG)})
    conversion = percentages(doors_of(request).settings.crm_conversion).get(viewed.status, 0)
    return succeeded(told(viewed, caller.tenant.timezone) | {"conversion": conversion})


def told(viewed: Viewed, timezone: str) -> dict[str, Any]:
    lead = viewed.lead
    return {
        "id": lead.id,
        "slug": lead.slug,
        "first_name": lead.first_name,
        "name": f"{lead.first_name} {lead.last_name}".strip(),
        "last_name": lead.last_name,
        "phone": lead.phone,
        "email": lead.email,
        "status": viewed.status,
        "source": viewed.source,
        "message": viewed.message,
        "added_on": moment(lead.created_at, timezone),
        "recent_activities": [activity(one, timezone) for one in viewed.activities],
        "notes": [note(one, username, timezone) for one, username in viewed.notes],
    }


def activity(one: Activity, timezone: str) -> dict[str, Any]:
    changed = f" ({one.old_value or '-'} -> {one.new_value or '-'})" if one.old_value or one.new_value else ""
    return {
        "id": one.id,
        "activity_type": one.kind,
        "created": moment(one.created_at, timezone),
        "activity": f"{one.description}{changed}",
    }


def note(one: Note, username: str, timezone: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "note": one.content,
        "note_created": moment(one.created_at, timezone),
        "user": username,
    }


HANDLERS: list[HTTPRouteHandler] = [view_one]
