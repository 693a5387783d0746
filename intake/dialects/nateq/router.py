"""The doors of /api/v1, and what every other path and method there is answered with."""

from litestar import Router
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler

from intake.dialects.nateq import contacts, conversions, leads
from intake.dialects.nateq.envelope import HANDLERS
from intake.fences import fences


def no_path() -> NotFoundException:
    return NotFoundException("There is no such endpoint")


def no_method(allowed: dict[str, str]) -> MethodNotAllowedException:
    return MethodNotAllowedException("This endpoint does not serve the method", headers=allowed)


served: list[HTTPRouteHandler] = [
    leads.list_all,
    leads.get_one,
    leads.convert_one,
    contacts.list_all,
    contacts.get_one,
    contacts.update_one,
    conversions.get_one,
]

router = Router(
    path="/api/v1",
    route_handlers=[*served, *fences(served, no_path, no_method, bare=["/conversions"])],
    exception_handlers=HANDLERS,
)
