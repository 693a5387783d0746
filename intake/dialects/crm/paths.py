"""Paths: both spellings of each endpoint, and the same answers for what none of them serves.

The framework takes a path with a slash at its end for the one without, and redirects nobody (row 3).
"""

from collections.abc import Sequence

from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler

from intake.fences import fences


def spellings(path: str) -> list[str]:
    """As the headings of seed 004 write an endpoint, and as most of its samples do (row 1)."""
    return [f"/leads{path}", path]


def fenced(handlers: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """The handlers, and some for all that they leave over."""
    return [*handlers, *fences(handlers, no_path, no_method)]


def no_path() -> NotFoundException:
    return NotFoundException("There is no such endpoint.")


def no_method(allowed: dict[str, str]) -> MethodNotAllowedException:
    return MethodNotAllowedException("This endpoint does not serve the method.", headers=allowed)
