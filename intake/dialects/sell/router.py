"""The router of /v2: every resource, and the same answers for what none of them serves."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from intake.dialects.sell import (
    account,
    associated,
    batches,
    contacts,
    conversions,
    deals,
    fixed,
    history,
    labels,
    leads,
    pipelines,
)
from intake.dialects.sell.paths import fenced
from intake.dialects.sell.records import routes_of
from intake.dialects.sell.refusals import HANDLERS

RESOURCES = (
    leads.resource,
    contacts.resource,
    deals.resource,
    history.notes,
    history.tasks,
    *labels.RESOURCES,
    account.users,
    pipelines.pipelines,
    pipelines.stages,
)

served: list[HTTPRouteHandler] = [
    *(handler for resource in RESOURCES for handler in routes_of(resource)),
    *associated.HANDLERS,
    *conversions.HANDLERS,
    batches.get_batch,
    *account.HANDLERS,
    *fixed.HANDLERS,
]

router = Router(
    path="/v2",
    route_handlers=fenced(served, bare=[batches.PATH]),
    exception_handlers=HANDLERS,
)
