"""Every refusal as a problem document (RFC 9457); `reason` is a stable word, `field` the input at fault."""

from http import HTTPStatus
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from intake.auth import Forbidden, NoBusiness, NotYourBusiness, Unauthenticated, Unavailable
from intake.body import BadBody
from intake.door import AnyRequest, status_of
from models.errors import NotFound, Refusal, Taken

Problem = Response[dict[str, Any]]

MEDIA_TYPE = "application/problem+json"
CHALLENGE = {"WWW-Authenticate": "Bearer"}
TRY_AGAIN = {"Retry-After": "2"}

# What is not named here is a value that was refused.
STATUSES: dict[type[Refusal], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotYourBusiness: 403,
    NoBusiness: 400,
    NotFound: 404,
    Taken: 409,
    Refusal: 422,
}


def problem(
    status: int, reason: str, detail: str, *, field: str | None = None, headers: dict[str, str] | None = None
) -> Problem:
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "reason": reason,
    } | ({"field": field} if field else {})
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def refused(_: AnyRequest, exc: Refusal) -> Problem:
    status = next(STATUSES[kind] for kind in type(exc).__mro__ if kind in STATUSES)
    headers = CHALLENGE if status == HTTPStatus.UNAUTHORIZED else None
    return problem(status, exc.reason, exc.message, field=exc.field, headers=headers)


def bad_body(_: AnyRequest, exc: BadBody) -> Problem:
    return problem(exc.status, exc.reason, exc.message, field=exc.field)


def unavailable(_: AnyRequest, __: Exception) -> Problem:
    return problem(503, "unavailable", "Temporarily unavailable, please try again", headers=TRY_AGAIN)


def unforeseen(_: AnyRequest, exc: Exception) -> Problem:
    """The framework's own refusals, and what nobody foresaw."""
    status = status_of(exc)
    is_known = isinstance(exc, HTTPException) and status < HTTPStatus.INTERNAL_SERVER_ERROR
    detail = exc.detail if is_known and isinstance(exc, HTTPException) else "Internal error"
    headers = dict(exc.headers or {}) if isinstance(exc, HTTPException) else None
    return problem(status, HTTPStatus(status).name.lower(), detail, headers=headers)


HANDLERS: ExceptionHandlersMap = {
    Refusal: refused,
    BadBody: bad_body,
    Unavailable: unavailable,
    # Both, since the application's own handler of the first would be nearer than ours of the second.
    HTTPException: unforeseen,
    Exception: unforeseen,
}
