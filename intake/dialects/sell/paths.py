"""What is not served answers in Sell's shape too: a path that is none, and a verb that a path has not.

Whoever asks is told, with a token or without: the original does so too.
"""

from collections.abc import Iterable, Sequence

from litestar.handlers import HTTPRouteHandler

from intake.dialects.sell.refusals import Refused, refusal
from intake.fences import METHODS, fences


def fenced(handlers: Sequence[HTTPRouteHandler], bare: Iterable[str] = ()) -> list[HTTPRouteHandler]:
    """The handlers, and some for all that they leave over; `bare` are paths that only lead to others."""
    return [*handlers, *fences(handlers, no_path, no_verb, bare=bare, methods=(*METHODS, "HEAD"))]


def no_path() -> Refused:
    return refusal(404, "not_found", "Requested path was not found.")


def no_verb(allowed: dict[str, str]) -> Refused:
    return refusal(405, "method_not_allowed", "The path does not answer to this method.", allowed)
