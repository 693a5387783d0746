"""The router of this tongue: every endpoint under the path that the operator chose."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from intake.dialects.crm import account, agenda, appointments, change, create, listing, notes, overview, view
from intake.dialects.crm.envelope import HANDLERS
from intake.dialects.crm.paths import fences

RESOURCES = (account, overview, listing, view, create, change, notes, agenda, appointments)

served: list[HTTPRouteHandler] = [handler for resource in RESOURCES for handler in resource.HANDLERS]


def router(path: str) -> Router:
    return Router(path=path, route_handlers=[*served, *fences(served)], exception_handlers=HANDLERS)
