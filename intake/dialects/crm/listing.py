"""List the leads that the caller owns, or with list_type=assigned those assigned to them."""

from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.handlers import HTTPRouteHandler

from intake.ask import ask
from intake.dialects.crm import schema
from intake.dialects.crm.caller import Caller, caller_of
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import Form, query_of
from intake.dialects.crm.paths import spellings
from intake.dialects.crm.values import moment
from intake.door import AnyRequest, doors_of
from models.digits import is_number
from models.operations.owned.listing import Listed, WantedLeads, list_leads
from models.operations.tokens import Scope

USUAL_LIMIT, MOST = 10, 100
LONGEST_NUMBER = 9
FILTERS = ("first_name", "last_name", "email", "phone", "owner")


@get(
    spellings("/list"),
    operation_class=schema.ListLeads,
    summary="List leads",
    tags=["crm leads"],
)
async def list_all(request: AnyRequest) -> Envelope:
    """The newest first. A filter that nothing meets gives an empty list, and junk is as nothing sent."""
    caller = await caller_of(request, Scope.LEADS_READ)
    form = query_of(request)
    # Nothing here has campaigns, so that none of a campaign's leads are here (row 25).
    if form.text("campaign_slug"):
        return succeeded({"results": [], "count": 0, "previous": None, "next": None})
    wanted = wanted_of(form, caller)
    found = await ask(list_leads, wanted)
    results = [line(lead, caller.tenant.timezone) for lead in found.leads]
    return succeeded({"results": results} | around(request, wanted.skip, wanted.limit, found.count))


def wanted_of(form: Form, caller: Caller) -> WantedLeads:
    """Raises `BadFields` for a value that no text can be."""
    limit = number(form, "limit") or USUAL_LIMIT
    filters = {name: form.text(name) or "" for name in FILTERS}
    wanted = WantedLeads(
        business_id=caller.tenant.id,
        user_id=caller.user_id,
        limit=min(limit, MOST),
        skip=number(form, "offset"),
        assigned=(form.text("list_type") or "").lower() == "assigned",
        status=(form.text("status") or "").lower(),
        **filters,
    )
    form.check()
    return wanted


def number(form: Form, name: str) -> int:
    """A number of the query; nought for whatever is none (row 19)."""
    typed = form.text(name) or ""
    return int(typed) if is_number(typed, LONGEST_NUMBER) else 0


def around(request: AnyRequest, skip: int, limit: int, count: int) -> dict[str, Any]:
    """How many there are, and where the pages before and after this one are."""
    before = None if skip == 0 else page_url(request, max(skip - limit, 0), limit)
    after = None if skip + limit >= count else page_url(request, skip + limit, limit)
    return {"count": count, "previous": before, "next": after}


def page_url(request: AnyRequest, skip: int, limit: int) -> str:
    """Another page of the same list, as callers reach us."""
    kept = [one for one in request.query_params.multi_items() if one[0] not in ("offset", "limit")]
    query = urlencode([*kept, ("limit", limit), ("offset", skip)])
    return f"{doors_of(request).settings.public_url.rstrip('/')}{request.url.path.rstrip('/')}/?{query}"


def line(lead: Listed, timezone: str) -> dict[str, Any]:
    return {
        "id": lead.id,
        "slug": lead.slug,
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "name": f"{lead.first_name} {lead.last_name}".strip(),
        "phone": lead.phone,
        "email": lead.email,
        "added_on": moment(lead.created_at, timezone),
        "status": lead.status,
        "source": lead.source,
        "owner": lead.owner,
    }


HANDLERS: list[HTTPRouteHandler] = [list_all]
