"""POST /v1/partners/leads: vcita's older and stricter "Lead injection", for directories (wire.md 1.2)."""

from litestar import MediaType, Response, Router, post
from litestar.exceptions import HTTPException

from intake.auth import Forbidden, NoBusiness, NotYourBusiness, Unauthenticated
from intake.body import BadBody, Document
from intake.capture_lane import Unavailable
from intake.dialects.leadgen import schema
from intake.dialects.leadgen.document import read
from intake.door import AnyRequest, capture_from, speaker_of, status_of
from models.business import TokenKind
from models.errors import Missing, Refusal
from models.operations.commands import Arrival, CaptureLead
from models.operations.identify import Tenant
from models.operations.tokens import Scope

DOOR = "partners"
NOTHING_TO_SAY = "Missing request_data and system_message parameters. At least one is required"


@post(
    "/leads",
    status_code=201,
    operation_class=schema.InjectLead,
    operation_id="InjectLead",
    summary="Inject a lead for a business of the directory",
    tags=["leads"],
)
async def inject_lead(request: AnyRequest) -> Response[dict[str, str]]:
    """Take in a lead from a directory; the answer's uid is the conversation's."""
    speaker = await speaker_of(request, Scope.LEADS_WRITE)
    if speaker.kind != TokenKind.DIRECTORY:
        raise Unauthenticated
    captured = await capture_from(request, DOOR, speaker, read_strictly)
    return Response(
        {"uid": captured.enquiry_uid},
        headers={"Idempotent-Replayed": "true"} if captured.replayed else None,
    )


def read_strictly(document: Document, tenant: Tenant, arrival: Arrival) -> CaptureLead:
    command = read(document, tenant, arrival)
    if not command.request_data and not command.system_message:
        raise Missing(NOTHING_TO_SAY, "request_data")
    return command


def denied(_: AnyRequest, __: Exception) -> Response[str]:
    return Response("HTTP Token: Access denied.\n", status_code=401, media_type=MediaType.TEXT)


def said(message: str, status: int, headers: dict[str, str] | None = None) -> Response[list[str]]:
    return Response([message], status_code=status, headers=headers)


def no_business(_: AnyRequest, __: Exception) -> Response[list[str]]:
    return said("Mandatory parameter business_id is missing", 422)


def refused(_: AnyRequest, exc: Refusal) -> Response[list[str]]:
    return said(exc.message, 422)


def bad_body(_: AnyRequest, exc: BadBody) -> Response[list[str]]:
    return said(exc.message, exc.status)


def unavailable(_: AnyRequest, __: Exception) -> Response[list[str]]:
    return said("Temporarily unavailable: nothing was taken in, please try again", 503, {"Retry-After": "2"})


def failed(_: AnyRequest, exc: Exception) -> Response[list[str]]:
    status = status_of(exc)
    return said(exc.detail if isinstance(exc, HTTPException) else "Internal error", status)


router = Router(
    path="/v1/partners",
    route_handlers=[inject_lead],
    exception_handlers={
        Unauthenticated: denied,
        NotYourBusiness: denied,
        Forbidden: denied,
        NoBusiness: no_business,
        Refusal: refused,
        BadBody: bad_body,
        Unavailable: unavailable,
        Exception: failed,
    },
)
