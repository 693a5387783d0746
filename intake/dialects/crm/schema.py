"""What OpenAPI tells of this tongue: its bodies are parsed by us, so they are described by us."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIType

TEXT = Schema(type=OpenAPIType.STRING)
OBJECT = Schema(type=OpenAPIType.OBJECT)
TYPES = ("multipart/form-data", "application/x-www-form-urlencoded", "application/json")
CREDENTIALS = {"apikey": "A token of the business", "Authorization": "Bearer and an access token"}
FAILURES = {
    "400": ("Validation Error: the errors name each field", {"email": ["Invalid email."]}),
    "401": ("Who are you (detail), or Request Failed (error)", {"error": ["You can't delete this lead."]}),
    "429": ("Too many requests; with Retry-After", {"detail": ["Request was throttled: slow down."]}),
    "503": ("Please try again; with Retry-After", {"detail": ["Temporarily unavailable, please try again."]}),
}  # fmt: skip


def envelope(status: int, errors: Mapping[str, object], data: Mapping[str, object]) -> OpenAPIMediaType:
    shape = Schema(
        type=OpenAPIType.OBJECT,
        properties={"status_code": Schema(type=OpenAPIType.INTEGER), "errors": OBJECT, "data": OBJECT},
    )
    return OpenAPIMediaType(
        schema=shape, example={"status_code": status, "errors": dict(errors), "data": dict(data)}
    )


def answers(data: Mapping[str, object]) -> dict[str, OpenAPIResponse]:
    json = "application/json"
    told = {
        status: OpenAPIResponse(description=why, content={json: envelope(int(status), errors, {})})
        for status, (why, errors) in FAILURES.items()
    }
    done = OpenAPIResponse(description="Done", content={json: envelope(200, {}, data)})
    return {"200": done} | told


def described(
    data: Mapping[str, object],
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, str] | None = None,
    needed: tuple[str, ...] = (),
    bearer: bool = True,
) -> type[Operation]:
    """The description of an endpoint: its answer by example, its parameters, or its fields by example."""
    headers = CREDENTIALS if bearer else {"apikey": CREDENTIALS["apikey"]}

    @dataclass
    class Described(Operation):
        def __post_init__(self) -> None:
            self.parameters = [
                Parameter(name=name, param_in=place, description=told, schema=TEXT)
                for place, names in (("header", headers), ("query", query or {}))
                for name, told in names.items()
            ]
            if body is not None:
                self.request_body = fields(body, needed)
            self.responses = dict(answers(data))

    return Described


def fields(example: Mapping[str, str], needed: tuple[str, ...]) -> RequestBody:
    shape = Schema(
        type=OpenAPIType.OBJECT, properties=dict.fromkeys(example, TEXT), required=list(needed) or None
    )
    media: Any = OpenAPIMediaType(schema=shape, example=dict(example))
    return RequestBody(required=True, content=dict.fromkeys(TYPES, media))


PAIR = {"access": "tg_live_...", "refresh": "tg_live_..."}
LOGIN = {"username": "grace", "password": "a long password"}

Login = described(PAIR, body=LOGIN, needed=tuple(LOGIN), bearer=False)
Refresh = described(PAIR, body={"refresh": "tg_live_..."}, needed=("refresh",), bearer=False)

SLUG = "ada-lovelace-7"
LEAD = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.org",
    "phone": "4155550199",
    "location": "12 St James Square, London",
    "message": "Can you make 20 chairs by May?",
    "status": "prospect",
    "source": "website",
    "assignee": "grace",
}
NEEDED = ("first_name", "last_name", "email", "phone")
SHOWN = {
    "id": 7,
    "slug": SLUG,
    "first_name": "Ada",
    "last_name": "Lovelace",
    "name": "Ada Lovelace",
    "phone": "4155550199",
    "email": "ada@example.org",
    "added_on": "2026-03-02 09:30",
    "status": "prospect",
    "source": "website",
}
ACTIVITY = {
    "id": 3,
    "activity_type": "updated",
    "created": "2026-03-02 09:41",
    "activity": "Lead changed: phone (4155550100 -> 4155550199)",
}
NOTE = {"id": 5, "note": "Called: oak, please", "note_created": "2026-03-02 09:40", "user": "grace"}
FILTERS = {
    "offset": "How many leads to skip",
    "limit": "How many leads a page, up to 100; 10 unless told",
    "list_type": "assigned: those assigned to the caller, not those that the caller owns",
    "first_name": "The whole name, in any case",
    "last_name": "The whole name, in any case",
    "email": "The whole address, in any case",
    "phone": "The whole number, however it is written",
    "status": "prospect, tentative, potential, closed, contact or customer",
    "owner": "Only those of the owner with this username",
    "campaign_slug": "Nothing here has campaigns: the list is empty",
}
COUNTED = {"status": "prospect", "count": 1, "Description": "Has shown interest", "Color": "#64748b"}

APPOINTMENT = {
    "appointment_note": "Bring samples",
    "appointment_status": "pending",
    "appointment_date": "2026-03-09 10:00",
    "appointment_to": "2026-03-09 11:00",
}
AGENDA = {
    "offset": "How many appointments to skip",
    "limit": "How many appointments a page, up to 100; 10 unless told",
    "datesetting": "on, before or after the day in ondate",
    "ondate": "MM/DD/YYYY or YYYY-MM-DD; dateon is read too",
    "status": "pending, rescheduled, cancelled, fullfilled or confirmed",
    "lead": "The lead's whole first name, in any case",
}
AGENDA_LINE = {
    "id": 9,
    "lead_id": 7,
    "lead": "Ada Lovelace",
    "leadslug": SLUG,
    "leadstatus": "prospect",
    "fromdate": "2026-03-09 10:00",
    "appointment_note": "Bring samples",
    "appointment_status": "pending",
    "todate": "2026-03-09 11:00",
}
ID = {"appointment_id": "9"}

CreateAppointment = described(
    {}, body={"slug": SLUG} | APPOINTMENT, needed=("slug", "appointment_date", "appointment_to")
)
UpdateAppointment = described({}, body=ID | {"slug": SLUG} | APPOINTMENT, needed=("appointment_id",))
DeleteAppointment = described({}, body=ID, needed=("appointment_id",))
ListAppointments = described(
    {"results": [AGENDA_LINE], "count": 1, "previous": None, "next": None}, query=AGENDA
)
CreateLead = described({"id": 7, "slug": SLUG}, body=LEAD, needed=NEEDED)
UpdateLead = described({}, body={"slug": SLUG} | LEAD, needed=("slug", *NEEDED))
DeleteLead = described({}, body={"slug": SLUG}, needed=("slug",))
CreateNote = described({}, body={"slug": SLUG, "note": "Called: oak, please"}, needed=("slug", "note"))
DeleteNote = described({}, body={"note_id": "5"}, needed=("note_id",))
ListLeads = described(
    {"results": [SHOWN | {"owner": "grace"}], "count": 1, "previous": None, "next": None}, query=FILTERS
)
ViewLead = described(
    SHOWN | {"message": LEAD["message"], "recent_activities": [ACTIVITY], "notes": [NOTE], "conversion": 0},
    query={"slug": "The lead's slug"},
)
Overview = described(
    {
        "LeadsData": {"status": [COUNTED], "source": [{"source": "website", "count": 1}]},
        "TotalLeads": 1,
        "appointments": [APPOINTMENT],
    },
    query={"appointment": "upcoming, today, week or month"},
)
