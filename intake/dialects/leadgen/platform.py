"""POST /platform/v1/leadgen, and its alias /platform/v1/leads: vcita's "Creates a lead" (wire.md 1.1)."""

from litestar import Response, Router, post
from litestar.exceptions import HTTPException

from intake.auth import Forbidden, NoBusiness, NotYourBusiness, Unauthenticated
from intake.body import BadBody
from intake.capture_lane import Unavailable
from intake.dialects.leadgen import schema
from intake.dialects.leadgen.document import read
from intake.door import AnyRequest, capture_from, speaker_of, status_of
from models.operations.tokens import Scope
from models.errors import Invalid, Missing, Refusal

DOOR = "leadgen"

STATUS: dict[type[Refusal], int] = {Missing: 400, Invalid: 422}


@post(
    ["/leadgen", "/leads"],
    status_code=201,
    operation_class=schema.CreateLead,
    operation_id="CreateLead",
    summary="Create a lead",
    tags=["leads"],
)
async def create_lead(request: AnyRequest) -> Response[dict[str, str]]:
    """Take in a lead: a new person, or one known by the identifier that is named."""
    speaker = await speaker_of(request, Scope.LEADS_WRITE)
    captured = await capture_from(request, DOOR, speaker, read)
    return Response(
        {"conversation_uid": captured.enquiry_uid, "status": "OK", "uid": captured.lead_uid},
        headers={"Idempotent-Replayed": "true"} if captured.replayed else None,
    )


def unauthenticated(_: AnyRequest, __: Exception) -> Response[dict[str, str]]:
    return Response({"message": "401 Unauthorized", "status": "Failure"}, status_code=401)


def not_your_business(_: AnyRequest, __: Exception) -> Response[dict[str, str]]:
    return Response({"error": "Unauthorized"}, status_code=401)


def said(message: str, status: int, headers: dict[str, str] | None = None) -> Response[dict[str, str]]:
    return Response({"status": "Error", "message": message}, status_code=status, headers=headers)


def forbidden(_: AnyRequest, exc: Exception) -> Response[dict[str, str]]:
    return said(str(exc), 403)


def no_business(_: AnyRequest, __: Exception) -> Response[dict[str, str]]:
    return said("Mandatory parameter business_id is missing", 400)


def refused(_: AnyRequest, exc: Refusal) -> Response[dict[str, str]]:
    return said(exc.message, STATUS.get(type(exc), 422))


def bad_body(_: AnyRequest, exc: BadBody) -> Response[dict[str, str]]:
    return said(exc.message, exc.status)


def unavailable(_: AnyRequest, __: Exception) -> Response[dict[str, str]]:
    return said("Temporarily unavailable: nothing was taken in, please try again", 503, {"Retry-After": "2"})


def failed(_: AnyRequest, exc: Exception) -> Response[dict[str, str]]:
    status = status_of(exc)
    return said(exc.detail if isinstance(exc, HTTPException) else "Internal error", status)


router = Router(
    path="/platform/v1",
    route_handlers=[create_lead],
    exception_handlers={
        Unauthenticated: unauthenticated,
        NotYourBusiness: not_your_business,
        Forbidden: forbidden,
        NoBusiness: no_business,
        Refusal: refused,
        BadBody: bad_body,
        Unavailable: unavailable,
        Exception: failed,
    },
)
