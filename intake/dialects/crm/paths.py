"""Paths: both spellings of each endpoint, and the same answers for what none of them serves.

The framework takes a path with a slash at its end for the one without, and redirects nobody (row 3).
"""

from collections.abc import Sequence

from litestar import HttpMethod, route
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler

from intake.dialects.crm.envelope import Envelope

METHODS = (HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)


def spellings(path: str) -> list[str]:
    """As the headings of seed 004 write an endpoint, and as most of its samples do (row 1)."""
    return [f"/leads{path}", path]


def fences(handlers: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """Handlers for all that the given ones leave over."""
    return [
        unknown,
        *(
            other_methods(path, sorted(handler.http_methods))
            for handler in handlers
            for path in handler.paths
        ),
    ]


@route(["/", "/{rest:path}"], http_method=METHODS, status_code=404, include_in_schema=False)
async def unknown() -> Envelope:
    raise NotFoundException("There is no such endpoint.")


def other_methods(path: str, served: Sequence[str]) -> HTTPRouteHandler:
    """Answer the other methods in this tongue: the framework's own 405 knows no router's handlers."""
    left = [method for method in METHODS if method.value not in served]
    allowed = {"Allow": ", ".join(served)}

    @route(path, http_method=left, status_code=405, include_in_schema=False)
    async def refuse() -> Envelope:
        raise MethodNotAllowedException("This endpoint does not serve the method.", headers=allowed)

    return refuse
