"""What is not served answers in Sell's shape too: a path that is none, and a verb that a path has not.

Whoever asks is told, with a token or without: the original does so too.
"""

from collections.abc import Iterable, Sequence

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

from intake.dialects.sell.refusals import refusal

METHODS: tuple[Method, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
REST = "{rest:path}"


def fences(handlers: Sequence[HTTPRouteHandler], bare: Iterable[str] = ()) -> list[HTTPRouteHandler]:
    """Handlers for all that the given ones leave over; `bare` are paths that only lead to others."""
    served: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            served.setdefault(path, set()).update(handler.http_methods)
    # Below an id the router does not look back, so a path that goes on from there needs its own.
    beyond = [f"{path.rstrip('/')}/{REST}" for path in served if path.endswith("}")]
    return [
        unknown(["/", f"/{REST}", *beyond, *bare]),
        *(other_verbs(path, sorted(methods)) for path, methods in served.items()),
    ]


def unknown(paths: list[str]) -> HTTPRouteHandler:
    @route(paths, http_method=METHODS, include_in_schema=False, status_code=404)
    async def no_path() -> Response[bytes]:
        raise refusal(404, "not_found", "Requested path was not found.")

    return no_path


def other_verbs(path: str, methods: list[str]) -> HTTPRouteHandler:
    left = [method for method in METHODS if method not in methods]

    @route(path, http_method=left, include_in_schema=False, status_code=405)
    async def no_verb() -> Response[bytes]:
        details = "The path does not answer to this method."
        raise refusal(405, "method_not_allowed", details, {"Allow": ", ".join(methods)})

    return no_verb
