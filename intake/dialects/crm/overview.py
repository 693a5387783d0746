"""Overview: how many leads the caller owns, by status and by source, and the appointments with them."""

from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler

from intake.ask import ask
from intake.dialects.crm import schema
from intake.dialects.crm.agenda import short, window_of
from intake.dialects.crm.caller import caller_of
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import query_of
from intake.dialects.crm.paths import spellings
from intake.door import AnyRequest
from models.operations.appointments.listing import appointments_in
from models.operations.owned.words import SOURCES, STATUSES
from models.operations.tally import Counts, Whose, counts_of
from models.operations.tokens import Scope


@get(
    spellings("/overview"),
    operation_class=schema.Overview,
    summary="Count leads",
    tags=["crm leads"],
)
async def overview(request: AnyRequest) -> Envelope:
    """Every status and every source, those without a lead too; and the appointments of a window."""
    caller = await caller_of(request, Scope.LEADS_READ)
    window = window_of(query_of(request), caller)
    whose = Whose(business_id=caller.tenant.id, user_id=caller.user_id)
    counts = counted(await ask(counts_of, whose))
    appointments = [short(shown, caller.tenant.timezone) for shown in await ask(appointments_in, window)]
    return succeeded(counts | {"appointments": appointments})


def counted(counts: Counts) -> dict[str, Any]:
    statuses = [
        {
            "status": status,
            "count": counts.by_status.get(status, 0),
            "Description": meaning.description,
            "Color": meaning.color,
        }
        for status, meaning in STATUSES.items()
    ]
    sources = [{"source": source, "count": counts.by_source.get(source, 0)} for source in SOURCES]
    return {"LeadsData": {"status": statuses, "source": sources}, "TotalLeads": counts.total}


HANDLERS: list[HTTPRouteHandler] = [overview]
