"""Fences: how a router says in its own tongue that it has no such path, or that a path has no such method.

The framework's own 404 and 405 know no router's handlers, so each router has doors for what is left over.
"""

from collections.abc import Callable, Iterable, Sequence

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

METHODS: tuple[Method, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE")
REST = "{rest:path}"

NoPath = Callable[[], Exception]
NoMethod = Callable[[dict[str, str]], Exception]


def fences(
    handlers: Iterable[HTTPRouteHandler],
    no_path: NoPath,
    no_method: NoMethod,
    *,
    bare: Iterable[str] = (),
    methods: Sequence[Method] = METHODS,
) -> list[HTTPRouteHandler]:
    """Handlers for all that the given ones leave over.

    They raise what `no_path` makes, or `no_method` of the Allow header; `bare` are paths that only lead
    to others.
    """
    served: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            served.setdefault(path, set()).update(handler.http_methods)
    unknown = ["/", f"/{REST}", *beyond(served), *bare]
    return [
        fence(unknown, methods, 404, no_path),
        *(other_methods(path, sorted(known), methods, no_method) for path, known in served.items()),
    ]


def beyond(paths: Iterable[str]) -> list[str]:
    """Below a parameter the framework does not look back, so a path that goes on from there needs a door."""
    known = list(paths)
    return [
        f"{path}/{REST}"
        for path in known
        if "{" in path and not any(other.startswith(f"{path}/{{") for other in known)
    ]


def other_methods(
    path: str, served: Sequence[str], methods: Sequence[Method], no_method: NoMethod
) -> HTTPRouteHandler:
    left = [method for method in methods if method not in served]
    allowed = {"Allow": ", ".join(served)}
    return fence([path], left, 405, lambda: no_method(allowed))


def fence(paths: list[str], methods: Sequence[Method], status: int, why: NoPath) -> HTTPRouteHandler:
    @route(paths, http_method=list(methods), status_code=status, include_in_schema=False)
    async def refuse() -> Response[bytes]:
        raise why()

    return refuse
