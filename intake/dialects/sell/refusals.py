"""How Sell's tongue says no: an error document for each fact, with the request's id as its logref."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import InterfaceError, OperationalError

from intake.auth import Forbidden, NoBusiness, NotYourBusiness, Unauthenticated, Unavailable
from intake.body import BadBody
from intake.dialects.sell.answers import answer
from intake.door import AnyRequest, status_of
from models.errors import Missing, NotFound, Refusal, Taken, WorkedOn

MORE = {"more_info": "https://developers.getbase.com/docs/rest/articles/errors"}

# As the contract spells it; newer versions of Python know other words.
PHRASES = {413: "Payload Too Large", 422: "Unprocessable Entity"}

MESSAGES = {
    "unknown": "unknown attribute",
    "missing": "missing attribute",
    "already_exists": "attribute value already exists",
    "blank": "attribute is blank",
    "invalid_type": "attribute type is invalid",
    "incorrect_value": "attribute value is incorrect",
    "not_found": "Not Found",
    "method_not_allowed": "Method Not Allowed",
    "unauthorized": "Unauthorized",
    "insufficient_scope": "Forbidden",
    "rate_limit_exceeded": "Too Many Requests",
    "conflict": "Conflict",
    "invalid_param": "invalid request query parameter",
    "invalid_header": "invalid request header",
    "invalid_user_agent": "invalid User-Agent header",
    "invalid_payload": "invalid request payload",
    "incorrect_payload": "incorrect request payload",
    "server_error": "Internal Server Error",
    "temporarily_unavailable": "Service Unavailable",
}
NO_TOKEN = "Required access token is missing, malformed, expired, or invalid."  # noqa: S105 - says so
NO_RECORD = "The requested resource was not found."
LATER = {"Retry-After": "2"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Fault:
    """One error; `resource` and `field`, a JSON pointer, are set where an attribute is at fault."""

    code: str
    details: str
    resource: str = ""
    field: str = ""


class Refused(Exception):  # noqa: N818 - a fact
    """A request that is answered with errors."""

    def __init__(self, status: int, *faults: Fault, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.status = status
        self.faults = faults
        self.headers = dict(headers or {})


def refusal(status: int, code: str, details: str, headers: Mapping[str, str] | None = None) -> Refused:
    return Refused(status, Fault(code, details), headers=headers)


def bad_parameter(name: str, why: str) -> Refused:
    """The one error of a request whose query is wrong."""
    shown = "".join(character if character.isprintable() else "\ufffd" for character in name[:100])
    details = f"The request query parameter '{shown}' is malformed, missing, or has an invalid value ({why})"
    return refusal(400, "invalid_param", details)


def bad_attribute(resource: str, field: str, code: str, why: str) -> Refused:
    return Refused(422, attribute_fault(resource, field, code, why))


def attribute_fault(resource: str, field: str, code: str, why: str) -> Fault:
    pointer = f"/{field}"
    if code == "unknown":
        why = f"The attribute '{pointer}' is not a known attribute for the '{resource}' resource."
    return Fault(code, why or f"The attribute '{pointer}' {WORDS[code]}", resource, pointer)


WORDS = {
    "missing": "is required",
    "blank": "must not be blank",
    "already_exists": "value is already taken",
    "invalid_type": "value has a wrong type",
    "incorrect_value": "value is not included in the list",
}


def error_of(fault: Fault) -> dict[str, object]:
    error = {"resource": fault.resource, "field": fault.field} if fault.field else {}
    error |= {"code": fault.code, "message": MESSAGES[fault.code], "details": fault.details}
    return {"error": error, "meta": {"type": "error", "links": MORE}}


def refused(request: AnyRequest, exc: Refused) -> Response[bytes]:
    phrase = PHRASES.get(exc.status) or HTTPStatus(exc.status).phrase
    meta = {
        "type": "errors",
        "http_status": f"{exc.status} {phrase}",
        "logref": request.scope["state"]["request_id"],
        "links": MORE,
    }
    document = {"errors": [error_of(fault) for fault in exc.faults], "meta": meta}
    return answer(document, exc.status, exc.headers)


def unauthorized(request: AnyRequest, _: Exception) -> Response[bytes]:
    return refused(request, refusal(401, "unauthorized", NO_TOKEN))


def forbidden(request: AnyRequest, exc: Refusal) -> Response[bytes]:
    return refused(request, refusal(403, "insufficient_scope", f"{exc.message.capitalize()}."))


def not_found(request: AnyRequest, _: Exception) -> Response[bytes]:
    return refused(request, refusal(404, "not_found", NO_RECORD))


def bad_body(request: AnyRequest, exc: BadBody) -> Response[bytes]:
    code = "invalid_header" if exc.status == 415 else "invalid_payload"
    return refused(request, refusal(exc.status, code, exc.message))


def unmet(request: AnyRequest, exc: Refusal) -> Response[bytes]:
    """A refusal that no resource put into its own words."""
    return refused(request, refusal(422, "incorrect_value", exc.message))


def unavailable(request: AnyRequest, exc: Exception) -> Response[bytes]:
    log.error("sell unavailable", error=type(exc).__name__)
    details = "Temporarily unavailable, please try again."
    return refused(request, refusal(503, "temporarily_unavailable", details, LATER))


def failed(request: AnyRequest, exc: Exception) -> Response[bytes]:
    status = status_of(exc)
    if isinstance(exc, HTTPException) and 400 <= status < 500:
        return refused(request, refusal(status, "invalid_payload", exc.detail))
    return refused(request, refusal(500, "server_error", "An unexpected error occurred."))


HANDLERS: ExceptionHandlersMap = {
    Refused: refused,
    Unauthenticated: unauthorized,
    Forbidden: forbidden,
    NoBusiness: forbidden,
    NotYourBusiness: forbidden,
    NotFound: not_found,
    BadBody: bad_body,
    Refusal: unmet,
    Unavailable: unavailable,
    OperationalError: unavailable,
    InterfaceError: unavailable,
    Exception: failed,
}

CODES: dict[type[Refusal], str] = {Missing: "missing", Taken: "already_exists", WorkedOn: "incorrect_value"}


def in_words_of(resource: str, exc: Refusal, fields: Mapping[str, str] | None = None) -> Exception:
    """A refusal as an error of one of the resource's attributes; what is not there stays a 404."""
    if exc.field is None or type(exc) is NotFound:
        return exc
    field = (fields or {}).get(exc.field, exc.field)
    code = CODES.get(type(exc), "incorrect_value")
    return bad_attribute(resource, field, code, f"The attribute '/{field}': {exc.message}")
