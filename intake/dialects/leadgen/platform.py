"""POST /platform/v1/leadgen, and its alias /platform/v1/leads: vcita's "Creates a lead" (wire.md 1.1)."""

from litestar import Response, Router, post

from intake.auth import Forbidden, NoBusiness, NotYourBusiness, Unauthenticated
from intake.dialects.leadgen import schema
from intake.dialects.leadgen.document import read
from intake.dialects.leadgen.refusals import refusals
from intake.door import AnyRequest, capture_from, holder_of
from intake.straight import STRAIGHT
from models.errors import Missing, Refusal

DOOR = "leadgen"

STATUSES: dict[type[Refusal], int] = {Missing: 400, NoBusiness: 400, Forbidden: 403}


@post(
    ["/leadgen", "/leads"],
    status_code=201,
    opt=STRAIGHT,
    operation_class=schema.CreateLead,
    summary="Create a lead",
    tags=["leads"],
)
async def create_lead(request: AnyRequest) -> Response[dict[str, str]]:
    """Take in a lead: a new person, or one known by the identifier that is named."""
    speaker = await holder_of(request)
    captured = await capture_from(request, DOOR, speaker, read)
    return Response(
        {"conversation_uid": captured.enquiry_uid, "status": "OK", "uid": captured.lead_uid},
        headers={"Idempotent-Replayed": "true"} if captured.replayed else None,
    )


def unauthenticated(_: AnyRequest, __: Exception) -> Response[dict[str, str]]:
    return Response({"message": "401 Unauthorized", "status": "Failure"}, status_code=401)


def not_your_business(_: AnyRequest, __: Exception) -> Response[dict[str, str]]:
    return Response({"error": "Unauthorized"}, status_code=401)


def say(message: str, status: int) -> Response[dict[str, str]]:
    return Response({"status": "Error", "message": message}, status_code=status)


router = Router(
    path="/platform/v1",
    route_handlers=[create_lead],
    exception_handlers={
        **refusals(say, STATUSES),
        Unauthenticated: unauthenticated,
        NotYourBusiness: not_your_business,
    },
)
