"""Make, change and delete appointments, as the owner and the assignee of a lead may."""

from typing import Any

from litestar import post
from litestar.handlers import HTTPRouteHandler

from intake.dialects.crm import schema
from intake.dialects.crm.caller import Caller, caller_of
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import IS_BLANK, Form, form_of
from intake.dialects.crm.moments import time_of
from intake.dialects.crm.paths import spellings
from intake.dialects.crm.saying import Words, ask_saying
from intake.dialects.crm.statuses import status_of
from intake.door import AnyRequest, doors_of
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
from models.operations.tokens import Scope

LONGEST_NOTE = 200
FIELDS = ("slug", "appointment_date", "appointment_to", "appointment_note", "appointment_status")
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


@post(
    spellings("/create/appointment"),
    status_code=200,
    operation_class=schema.CreateAppointment,
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
    # A blank note or status was not said.
    said = {name: value for name, value in sent.items() if value}
    await ask_saying(appoint, Appoint(**asked_by(request, caller), **said), MAKING)
    return succeeded()


@post(
    spellings("/update/appointment"),
    status_code=200,
    operation_class=schema.UpdateAppointment,
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
    command = ChangeAppointment(**asked_by(request, caller), appointment_id=appointment_id, **sent)
    await ask_saying(change, command, CHANGING)
    return succeeded()


@post(
    spellings("/delete/appointment"),
    status_code=200,
    operation_class=schema.DeleteAppointment,
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


def asked_by(request: AnyRequest, caller: Caller) -> dict[str, Any]:
    return {
        "business_id": caller.tenant.id,
        "user_id": caller.user_id,
        "remind_hours": doors_of(request).settings.appointment_reminder_hours,
    }


def sent_of(form: Form, *, needed: bool) -> dict[str, Any]:
    """The fields of an appointment; None for what was not sent or is refused."""
    return {
        "slug": form.text("slug", needed=needed, blank=IS_BLANK),
        "starts": time_of(form, "appointment_date", needed=needed, blank=IS_BLANK),
        "ends": time_of(form, "appointment_to", needed=needed, blank=IS_BLANK),
        "note": form.text("appointment_note", most=LONGEST_NOTE),
        "status": status_of(form, "appointment_status"),
    }


def id_of(form: Form) -> int:
    return form.row_id("appointment_id", blank=IS_BLANK, bad=BAD_ID)


HANDLERS: list[HTTPRouteHandler] = [create_one, update_one, delete_one]
