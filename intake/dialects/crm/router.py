"""The router of this tongue: every endpoint under the path that the operator chose."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method
from litestar.types.internal_types import PathParameterDefinition

from intake.dialects.crm import account, agenda, appointments, change, create, listing, notes, overview, view
from intake.dialects.crm.envelope import HANDLERS
from intake.dialects.crm.paths import fenced

RESOURCES = (account, overview, listing, view, create, change, notes, agenda, appointments)


def operation_id(_: HTTPRouteHandler, __: Method, path: list[str | PathParameterDefinition]) -> str:
    """A name for each spelling: the framework's own names repeat themselves where paths repeat words."""
    return "".join(str(word).title() for word in path)


served: list[HTTPRouteHandler] = [handler for resource in RESOURCES for handler in resource.HANDLERS]
for handler in served:
    handler.operation_id = operation_id


def router(path: str) -> Router:
    return Router(path=path, route_handlers=fenced(served), exception_handlers=HANDLERS)
