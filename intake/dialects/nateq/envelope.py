"""The envelope that every answer of this tongue comes in, and the codes of its errors (wire.md 3.2)."""

from http import HTTPStatus
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from intake.auth import Forbidden, NoBusiness, NotYourBusiness, Unauthenticated, Unavailable
from intake.body import BadBody
from intake.door import AnyRequest, status_of
from models.errors import NotFound, Refusal, Taken

Envelope = Response[dict[str, Any]]
Details = dict[str, list[str]]

CHALLENGE = {"WWW-Authenticate": "Bearer"}

TOO_LARGE = 413


class BadKey(Exception):  # noqa: N818 - a refusal is a fact, not a fault
    """The Authorization header is not there, or holds nothing that could be a key."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class TooMany(Exception):  # noqa: N818 - a refusal is a fact, not a fault
    """The key has sent more requests than it may in a second."""


class BadFields(Exception):  # noqa: N818 - a refusal is a fact, not a fault
    """Fields of the body or parameters of the query that are refused, each with the reasons."""

    def __init__(self, details: Details) -> None:
        super().__init__("fields are refused")
        self.details = details


def succeeded(
    data: object,
    message: str,
    *,
    meta: dict[str, Any] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Envelope:
    """An answer with data; only a list, or work under way, has something to tell in `meta`."""
    content = {"data": data, "message": message} | ({"meta": meta} if meta is not None else {})
    return Response(content | {"success": True}, status_code=status, headers=headers)


def failed(
    status: int,
    code: str,
    message: str,
    details: Details | None = None,
    headers: dict[str, str] | None = None,
) -> Envelope:
    error = {"code": code} | ({"details": details} if details else {}) | {"message": message}
    content = {"error": error, "message": message, "success": False}
    return Response(content, status_code=status, headers=headers)


def bad_key(_: AnyRequest, exc: BadKey) -> Envelope:
    return failed(401, exc.code, exc.message, headers=CHALLENGE)


def too_many(_: AnyRequest, __: Exception) -> Envelope:
    message = "The API key has sent too many requests: slow down"
    return failed(429, "RATE_LIMIT_EXCEEDED", message, headers={"Retry-After": "1"})


def unknown_key(_: AnyRequest, __: Exception) -> Envelope:
    return failed(401, "INVALID_API_KEY", "The API key is unknown or revoked", headers=CHALLENGE)


def insufficient_scope(_: AnyRequest, __: Exception) -> Envelope:
    return failed(403, "INSUFFICIENT_SCOPE", "API key does not have the required scope")


def not_your_business(_: AnyRequest, __: Exception) -> Envelope:
    return failed(403, "INSUFFICIENT_PERMISSION", "The API key cannot speak for this organization")


def no_business(_: AnyRequest, __: Exception) -> Envelope:
    details = {"X-On-Behalf-Of": ["must name the organization that the API key speaks for"]}
    return failed(400, "VALIDATION_ERROR", "The request is not valid", details)


def bad_fields(_: AnyRequest, exc: BadFields) -> Envelope:
    return failed(400, "VALIDATION_ERROR", "The request is not valid", exc.details)


def code_of(status: int) -> str:
    """The code of a status that this tongue names no code for; Python's own names change with its version."""
    return "REQUEST_ENTITY_TOO_LARGE" if status == TOO_LARGE else HTTPStatus(status).name


def bad_body(_: AnyRequest, exc: BadBody) -> Envelope:
    details = {exc.field: [exc.message]} if exc.field else None
    code = "VALIDATION_ERROR" if exc.status == HTTPStatus.BAD_REQUEST else code_of(exc.status)
    return failed(exc.status, code, exc.message, details)


def not_found(_: AnyRequest, exc: NotFound) -> Envelope:
    return failed(404, "NOT_FOUND", exc.message.capitalize())


def conflict(_: AnyRequest, exc: Refusal) -> Envelope:
    return failed(409, "CONFLICT", exc.message)


def refused(_: AnyRequest, exc: Refusal) -> Envelope:
    details = {exc.field: [exc.message]} if exc.field else None
    return failed(400, "VALIDATION_ERROR", exc.message, details)


def unavailable(_: AnyRequest, __: Exception) -> Envelope:
    message = "Temporarily unavailable, please try again"
    return failed(503, "SERVICE_UNAVAILABLE", message, headers={"Retry-After": "2"})


def unforeseen(_: AnyRequest, exc: Exception) -> Envelope:
    """The framework's own refusals under their HTTP names, and what nobody foresaw."""
    status = status_of(exc)
    if not isinstance(exc, HTTPException):
        return failed(status, "INTERNAL_ERROR", "Internal error")
    return failed(status, code_of(status), exc.detail, headers=exc.headers)


HANDLERS: ExceptionHandlersMap = {
    BadKey: bad_key,
    TooMany: too_many,
    Unauthenticated: unknown_key,
    Forbidden: insufficient_scope,
    NotYourBusiness: not_your_business,
    NoBusiness: no_business,
    BadFields: bad_fields,
    BadBody: bad_body,
    NotFound: not_found,
    Taken: conflict,
    Refusal: refused,
    Unavailable: unavailable,
    # Both, since the application's own handler of the first would be nearer than ours of the second.
    HTTPException: unforeseen,
    Exception: unforeseen,
}
