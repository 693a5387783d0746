"""The envelope that every answer of this tongue comes in, and how it says no (wire.md 4.1; rows 7 and 30)."""

from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from intake.auth import Forbidden, NoBusiness, NotYourBusiness, Unauthenticated, Unavailable
from intake.body import BadBody
from intake.door import AnyRequest, status_of
from models.errors import KeyReused, Refusal
from models.operations.login import Inactive, NotLoggedIn

Envelope = Response[dict[str, Any]]
Errors = dict[str, list[str]]

# A caller tells by the key who refuses: `detail` is about the credentials or the request as such,
# `error` about what was asked for, and any other key is the name of a field.
DETAIL, ERROR = "detail", "error"

CHALLENGE = {"WWW-Authenticate": "Bearer"}
NO_CREDENTIALS = "Authentication credentials were not provided or are invalid."
WRONG_LOGIN = "The supplied authentication credentials are invalid."
INACTIVE = "No active account found with the given credentials"
TOO_MANY = "Request was throttled: slow down."
TRY_AGAIN = "Temporarily unavailable, please try again."


class BadFields(Refusal):
    """Fields that are refused, each with the reasons: a "Validation Error"."""

    reason = "invalid"

    def __init__(self, errors: Errors) -> None:
        super().__init__("fields are refused", next(iter(errors), None))
        self.errors = errors


class RequestFailed(Refusal):
    """What the caller asked for is not theirs to have: a "Request Failed"."""

    reason = "request_failed"


class TooMany(Refusal):
    """More requests than a token may send; `after` is how many seconds to wait."""

    reason = "too_many"

    def __init__(self, after: int = 1) -> None:
        super().__init__(TOO_MANY)
        self.after = after


def succeeded(data: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Envelope:
    return Response({"status_code": 200, "errors": {}, "data": data or {}}, status_code=200, headers=headers)


def failed(status: int, errors: Errors, headers: dict[str, str] | None = None) -> Envelope:
    return Response(
        {"status_code": status, "errors": errors, "data": {}}, status_code=status, headers=headers
    )


def bad_fields(_: AnyRequest, exc: BadFields) -> Envelope:
    return failed(400, exc.errors)


def request_failed(_: AnyRequest, exc: RequestFailed) -> Envelope:
    return failed(401, {ERROR: [exc.message]})


def unauthenticated(_: AnyRequest, __: Exception) -> Envelope:
    return failed(401, {DETAIL: [NO_CREDENTIALS]}, CHALLENGE)


def not_logged_in(_: AnyRequest, __: NotLoggedIn) -> Envelope:
    return failed(401, {DETAIL: [WRONG_LOGIN]}, CHALLENGE)


def inactive(_: AnyRequest, __: Inactive) -> Envelope:
    return failed(401, {DETAIL: [INACTIVE]}, CHALLENGE)


def forbidden(_: AnyRequest, exc: Forbidden) -> Envelope:
    return failed(403, {DETAIL: [f"{exc.message.capitalize()}."]})


def too_many(_: AnyRequest, exc: TooMany) -> Envelope:
    return failed(429, {DETAIL: [exc.message]}, {"Retry-After": str(exc.after)})


def bad_body(_: AnyRequest, exc: BadBody) -> Envelope:
    return failed(exc.status, {exc.field or DETAIL: [exc.message]})


def key_reused(_: AnyRequest, exc: KeyReused) -> Envelope:
    return failed(422, {exc.field or DETAIL: [exc.message]})


def refused(_: AnyRequest, exc: Refusal) -> Envelope:
    """A refusal that no endpoint put into its own words."""
    return failed(400, {exc.field or ERROR: [exc.message]})


def unavailable(_: AnyRequest, __: Exception) -> Envelope:
    return failed(503, {DETAIL: [TRY_AGAIN]}, {"Retry-After": "2"})


def unforeseen(_: AnyRequest, exc: Exception) -> Envelope:
    """The framework's own refusals, and what nobody foresaw."""
    if not isinstance(exc, HTTPException):
        return failed(status_of(exc), {DETAIL: ["Internal error."]})
    return failed(exc.status_code, {DETAIL: [exc.detail]}, exc.headers)


HANDLERS: ExceptionHandlersMap = {
    BadFields: bad_fields,
    RequestFailed: request_failed,
    Unauthenticated: unauthenticated,
    NoBusiness: unauthenticated,
    NotYourBusiness: unauthenticated,
    NotLoggedIn: not_logged_in,
    Inactive: inactive,
    Forbidden: forbidden,
    TooMany: too_many,
    BadBody: bad_body,
    KeyReused: key_reused,
    Refusal: refused,
    Unavailable: unavailable,
    # Both, since the application's own handler of the first would be nearer than ours of the second.
    HTTPException: unforeseen,
    Exception: unforeseen,
}
