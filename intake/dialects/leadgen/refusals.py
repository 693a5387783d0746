"""What may go wrong in the leadgen tongue, whichever of its two spellings says so."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException

from intake.auth import NoBusiness
from intake.body import BadBody
from intake.capture_lane import Unavailable
from intake.door import AnyRequest, status_of
from models.errors import Refusal

Say = Callable[[str, int], Response[Any]]
Handler = Callable[[AnyRequest, Any], Response[Any]]

MISSING_BUSINESS = "Mandatory parameter business_id is missing"
TRY_AGAIN = "Temporarily unavailable, please try again"
TRY_AGAIN_SECONDS = "2"
UNPROCESSABLE = 422


def refusals(say: Say, statuses: Mapping[type[Refusal], int]) -> dict[int | type[Exception], Handler]:
    """The exception handlers of a router that puts a sentence and a status into words by `say`.

    `statuses` tells the status of those refusals that are not answered with 422.
    """

    def unavailable(_: AnyRequest, __: Unavailable) -> Response[Any]:
        answer = say(TRY_AGAIN, 503)
        answer.headers["Retry-After"] = TRY_AGAIN_SECONDS
        return answer

    def failed(_: AnyRequest, exc: Exception) -> Response[Any]:
        return say(exc.detail if isinstance(exc, HTTPException) else "Internal error", status_of(exc))

    return {
        NoBusiness: lambda _, __: say(MISSING_BUSINESS, statuses.get(NoBusiness, UNPROCESSABLE)),
        Refusal: lambda _, exc: say(exc.message, statuses.get(type(exc), UNPROCESSABLE)),
        BadBody: lambda _, exc: say(exc.message, exc.status),
        Unavailable: unavailable,
        # Named beside Exception, since the application's own handler of it would come before.
        HTTPException: failed,
        Exception: failed,
    }
