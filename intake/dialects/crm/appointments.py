"""Make, change and delete appointments, as the owner and the assignee of a lead may."""

from dataclasses import dataclass
from datetime import datetime

from litestar import post
from litestar.handlers import HTTPRouteHandler

from intake.dialects.crm import schema
from intake.dialects.crm.caller import caller_of
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import IS_BLANK, Form, form_of
from intake.dialects.crm.moments import time_of
from intake.dialects.crm.paths import spellings
from intake.dialects.crm.saying import Words, ask_saying
from intake.dialects.crm.statuses import status_of
from intake.door import AnyRequest, doors_of
from models.appointment import DEFAULT_NOTE, AppointmentStatus
from models.errors import UnknownLead
from models.operations.appointments.appoint import Appoint, appoint
from models.operations.appointments.change import ChangeAppointment, change
from models.operations.appointments.facts import (
    EndsFirst,
    InThePast,
    NotInvolved,
    NotYourLead,
    Overlaps,
    UnknownAppointment,
)
from models.operations.appointments.remove import RemoveAppointment, remove
from models.operations.owned.find import MOST_DIGITS
from models.operations.tokens import Scope

LONGEST_NOTE = 200
FIELDS = ("slug", "appointment_date", "appointment_to", "appointment_note", "appointment_status")
# In place of a time that the form refuses.
NEVER = datetime.min  # noqa: DTZ901 - a time of the wall has no zone
BAD_ID = "Invalid appointment id."

MAKING: Words = {
    UnknownLead: ("slug", "Requested slug is invalid."),
    NotYourLead: ("slug", "You can't take appointment under this lead."),
    Overlaps: (None, "Appointment schedule exists for this time."),
    EndsFirst: (None, "End Date Can't be prior to Start Date."),
    InThePast: (None, "Please Specify a date in the future."),
}
FINDING: Words = {UnknownAppointment: ("appointment_id", "Requested appointment not found.")}
CHANGING: Words = {**MAKING, **FINDING, NotInvolved: (None, "You can't update this appointment.")}
REMOVING: Words = {**FINDING, NotInvolved: (None, "You can't delete this appointment.")}


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of an appointment; None for what was not sent or is refused."""

    slug: str | None
    starts: datetime | None
    ends: datetime | None
    note: str | None
    status: AppointmentStatus | None


@post(
    spellings("/create/appointment"),
    status_code=200,
    operation_class=schema.CreateAppointment,
    operation_id="CrmCreateAppointment",
    summary="Make an appointment with a lead",
    tags=["crm appointments"],
)
async def create_one(request: AnyRequest) -> Envelope:
    """Times are of the business's clock; the lead is told by email."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    form = await form_of(request)
    form.needs_any(*FIELDS)
    sent = sent_of(form, needed=True)
    form.check()
    command = Appoint(
        business_id=caller.tenant.id,
        user_id=caller.user_id,
        slug=sent.slug or "",
        starts=sent.starts or NEVER,
        ends=sent.ends or NEVER,
        note=sent.note or DEFAULT_NOTE,
        status=sent.status or AppointmentStatus.PENDING,
        remind_hours=doors_of(request).settings.appointment_reminder_hours,
    )
    await ask_saying(appoint, command, MAKING)
    return succeeded()


@post(
    spellings("/update/appointment"),
    status_code=200,
    operation_class=schema.UpdateAppointment,
    operation_id="CrmUpdateAppointment",
    summary="Change an appointment",
    tags=["crm appointments"],
)
async def update_one(request: AnyRequest) -> Envelope:
    """What is not sent stays as it is; fields may come in the query and in the body (row 4)."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    form = await form_of(request)
    form.needs_any("appointment_id", *FIELDS)
    appointment_id = id_of(form)
    sent = sent_of(form, needed=False)
    form.check()
    command = ChangeAppointment(
        business_id=caller.tenant.id,
        user_id=caller.user_id,
        appointment_id=appointment_id,
        slug=sent.slug,
        starts=sent.starts,
        ends=sent.ends,
        note=sent.note,
        status=sent.status,
        remind_hours=doors_of(request).settings.appointment_reminder_hours,
    )
    await ask_saying(change, command, CHANGING)
    return succeeded()


@post(
    spellings("/delete/appointment"),
    status_code=200,
    operation_class=schema.DeleteAppointment,
    operation_id="CrmDeleteAppointment",
    summary="Delete an appointment",
    tags=["crm appointments"],
)
async def delete_one(request: AnyRequest) -> Envelope:
    """The lead is told that it will not take place."""
    caller = await caller_of(request, Scope.LEADS_WRITE)
    form = await form_of(request)
    appointment_id = id_of(form)
    form.check()
    command = RemoveAppointment(
        business_id=caller.tenant.id, user_id=caller.user_id, appointment_id=appointment_id
    )
    await ask_saying(remove, command, REMOVING)
    return succeeded()


def sent_of(form: Form, *, needed: bool) -> Sent:
    return Sent(
        slug=form.text("slug", needed=needed, blank=IS_BLANK),
        starts=time_of(form, "appointment_date", needed=needed, blank=IS_BLANK),
        ends=time_of(form, "appointment_to", needed=needed, blank=IS_BLANK),
        note=form.text("appointment_note", most=LONGEST_NOTE),
        status=status_of(form, "appointment_status"),
    )


def id_of(form: Form) -> int:
    """The id that must be sent; nought where it is refused."""
    typed = form.text("appointment_id", needed=True, blank=IS_BLANK) or ""
    if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS:
        return int(typed)
    if typed:
        form.refuse("appointment_id", BAD_ID)
    return 0


HANDLERS: list[HTTPRouteHandler] = [create_one, update_one, delete_one]
