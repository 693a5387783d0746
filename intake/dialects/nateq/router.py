"""The doors of /api/v1, and what every other path and method there is answered with."""

from collections.abc import Sequence

from litestar import HttpMethod, Router, route
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler

from intake.dialects.nateq import contacts, conversions, leads
from intake.dialects.nateq.envelope import HANDLERS, Envelope

METHODS = (HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)

SERVED: dict[str, Sequence[HttpMethod]] = {
    "/leads": (HttpMethod.GET,),
    "/leads/{reference:str}": (HttpMethod.GET,),
    "/leads/{reference:str}/convert": (HttpMethod.POST,),
    "/contacts": (HttpMethod.GET,),
    "/contacts/{reference:str}": (HttpMethod.GET, HttpMethod.PUT),
    "/conversions": (),
    "/conversions/{uid:str}": (HttpMethod.GET,),
}
# The framework finds the longest known beginning of a path and does not go back from there, so every
# one of them has a door for what lies beyond.
BEYOND = [
    "/",
    "/{rest:path}",
    *(f"{path}/{{rest:path}}" for path in SERVED if path.endswith(("}", "convert"))),
]


@route(BEYOND, http_method=METHODS, status_code=404, include_in_schema=False)
async def unknown() -> Envelope:
    raise NotFoundException("There is no such endpoint")


def refuser(path: str, served: Sequence[HttpMethod]) -> HTTPRouteHandler:
    """Answer the other methods in this tongue: the framework's own 405 knows no router's handlers."""
    allowed = {"Allow": ", ".join(served)}

    @route(
        path,
        http_method=[method for method in METHODS if method not in served],
        status_code=405,
        include_in_schema=False,
    )
    async def refuse() -> Envelope:
        if not served:
            raise NotFoundException("There is no such endpoint")
        raise MethodNotAllowedException("This endpoint does not serve the method", headers=allowed)

    return refuse


router = Router(
    path="/api/v1",
    route_handlers=[
        leads.list_all,
        leads.get_one,
        leads.convert_one,
        contacts.list_all,
        contacts.get_one,
        contacts.update_one,
        conversions.get_one,
        unknown,
        *(refuser(path, served) for path, served in SERVED.items()),
    ],
    exception_handlers=HANDLERS,
)
