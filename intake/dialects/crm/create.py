"""Create a lead: it comes in by the capture lane, as those of every other door do."""

from dataclasses import dataclass

from litestar import post
from litestar.handlers import HTTPRouteHandler
from msgspec.structs import replace

from intake.body import BadBody, read_body
from intake.dialects.crm import schema
from intake.dialects.crm.caller import Caller, caller_of
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import Form, document
from intake.dialects.crm.paths import spellings
from intake.dialects.crm.person import NO_ASSIGNEE, Person, person_of
from intake.dialects.crm.saying import ask_saying
from intake.door import AnyRequest, arrival, doors_of, keep_refused
from models.errors import Refusal, UnknownUser
from models.identifiers import phone_e164
from models.job import JobKind
from models.operations.commands import Arrival, CaptureLead
from models.operations.owned.assign import Assignment, WantedAssignee, assignment_of
from models.operations.owned.words import DIRECT, PROSPECT
from models.operations.tokens import Scope

DOOR = "crm"


@dataclass(frozen=True, slots=True)
class Came:
    """A request that carries a lead, as far as it was read."""

    request: AnyRequest
    caller: Caller
    body: bytes

    def arrival(self, *, with_key: bool = True) -> Arrival:
        """What its receipt keeps: the body as it came, after the query where that says something too."""
        caller = self.caller
        kept = arrival(self.request, DOOR, caller.speaker, caller.tenant, self.body, with_key=with_key)
        query: bytes = self.request.scope["query_string"]
        return replace(kept, body=b"?%b\n\n%b" % (query, kept.body)) if query else kept


@post(
    # The heading writes a version within the version (row 2).
    [*spellings("/create/lead"), *(f"/v1{path}" for path in spellings("/create/lead"))],
    status_code=200,
    operation_class=schema.CreateLead,
    summary="Create a lead",
    tags=["crm leads"],
)
async def create_lead(request: AnyRequest) -> Envelope:
    """Take in a lead beside all others; its owner is the caller, for good."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    doors = doors_of(request)
    came = Came(request, caller, b"")
    try:
        came = Came(request, caller, await read_body(request, doors.settings.body_limit_bytes))
        captured = await doors.lane.submit(await command_of(came))
    except (BadBody, Refusal) as exc:
        await keep_refused(doors, DOOR, came.arrival(with_key=False), exc)
        raise
    data = {"id": captured.lead_id, "slug": captured.lead_slug}
    headers = {"Idempotent-Replayed": "true"} if captured.replayed else None
    return succeeded({} if doors.settings.crm_bare_answers else data, headers)


async def command_of(came: Came) -> CaptureLead:
    """Raises `BadBody`, `BadFields`, or `Invalid` for the Idempotency-Key."""
    person = person_of(Form(document(came.request, came.body)))
    wanted = WantedAssignee(
        business_id=came.caller.tenant.id, user_id=came.caller.user_id, assignee=person.assignee
    )
    assignment = await ask_saying(assignment_of, wanted, {UnknownUser: ("assignee", NO_ASSIGNEE)})
    return captured_from(came.arrival(), came.caller, person, assignment)


def captured_from(arrived: Arrival, caller: Caller, person: Person, assignment: Assignment) -> CaptureLead:
    kinds = assignment.notifications
    return CaptureLead(
        arrival=arrived,
        match_on=None,
        title="",
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=person.phone,
        phone_e164=phone_e164(person.phone, caller.tenant.country),
        address=person.location or "",
        status=person.status or PROSPECT,
        source=person.source or DIRECT,
        owner_id=assignment.user_id,
        message_data={"Message": person.message} if person.message else {},
        notifications=kinds,
        # Further owner channels hear of whatever the owner is told of at all.
        owner_channels=caller.tenant.owner_channels
        if kinds & {JobKind.OWNER_EMAIL, JobKind.OWNER_SMS}
        else (),
    )


HANDLERS: list[HTTPRouteHandler] = [create_lead]
