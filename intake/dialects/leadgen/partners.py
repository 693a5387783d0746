"""POST /v1/partners/leads: vcita's older and stricter "Lead injection", for directories (wire.md 1.2)."""

from litestar import MediaType, Response, Router, post

from intake.auth import Forbidden, NotYourBusiness, Unauthenticated
from intake.body import Document
from intake.dialects.leadgen import schema
from intake.dialects.leadgen.document import read
from intake.dialects.leadgen.refusals import refusals
from intake.door import AnyRequest, capture_from, holder_of
from intake.straight import STRAIGHT
from models.business import TokenKind
from models.errors import Missing
from models.operations.commands import Arrival, CaptureLead
from models.operations.identify import Tenant

DOOR = "partners"
NOTHING_TO_SAY = "Missing request_data and system_message parameters. At least one is required"


@post(
    "/leads",
    status_code=201,
    opt=STRAIGHT,
    operation_class=schema.InjectLead,
    summary="Inject a lead for a business of the directory",
    tags=["leads"],
)
async def inject_lead(request: AnyRequest) -> Response[dict[str, str]]:
    """Take in a lead from a directory; the answer's uid is the conversation's."""
    speaker = await holder_of(request)
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


def say(message: str, status: int) -> Response[list[str]]:
    return Response([message], status_code=status)


router = Router(
    path="/v1/partners",
    route_handlers=[inject_lead],
    exception_handlers={
        **refusals(say, {}),
        Unauthenticated: denied,
        NotYourBusiness: denied,
        Forbidden: denied,
    },
)
