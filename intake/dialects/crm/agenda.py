"""List appointments, page by page or through a window of the business's calendar."""

from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler

from intake.ask import ask
from intake.dialects.crm import schema
from intake.dialects.crm.caller import Caller, caller_of
from intake.dialects.crm.envelope import Envelope, succeeded
from intake.dialects.crm.form import REQUIRED, Form, query_of
from intake.dialects.crm.listing import MOST, USUAL_LIMIT, around, number
from intake.dialects.crm.moments import BAD_DATE, day_of
from intake.dialects.crm.paths import spellings
from intake.dialects.crm.statuses import spelt, status_of
from intake.dialects.crm.values import moment
from intake.door import AnyRequest
from models.operations.appointments.listing import (
    InWindow,
    ListAppointments,
    Shown,
    Side,
    Window,
    list_appointments,
)
from models.operations.tokens import Scope

BAD_SIDE = "Inavalid date settings."  # As the contract spells it (wire.md 4.3 row 27).
BAD_WINDOW = "Invalid appointment filter value."


@get(
    spellings("/appointments/list"),
    operation_class=schema.ListAppointments,
    summary="List appointments",
    tags=["crm appointments"],
)
async def list_all(request: AnyRequest) -> Envelope:
    """Those in the caller's calendar and with the caller's leads, in the order of their time."""
    caller = await caller_of(request, Scope.LEADS_READ)
    wanted = wanted_of(query_of(request), caller)
    page = await ask(list_appointments, wanted)
    results = [line(shown, caller.tenant.timezone) for shown in page.shown]
    return succeeded({"results": results} | around(request, wanted.offset, wanted.limit, page.count))


def wanted_of(form: Form, caller: Caller) -> ListAppointments:
    """Raises `BadFields`."""
    side = side_of(form)
    typed = form.text("ondate") or form.text("dateon") or ""
    day = day_of(typed)
    if side and not day:
        form.refuse("ondate", BAD_DATE if typed else REQUIRED)
    wanted = ListAppointments(
        business_id=caller.tenant.id,
        user_id=caller.user_id,
        side=side,
        day=day,
        status=status_of(form, "status"),
        first_name=form.text("lead") or "",
        offset=number(form, "offset"),
        limit=min(number(form, "limit") or USUAL_LIMIT, MOST),
    )
    form.check()
    return wanted


def side_of(form: Form) -> Side | None:
    typed = (form.text("datesetting") or "").lower()
    if not typed:
        return None
    if typed not in set(Side):
        form.refuse("datesetting", BAD_SIDE)
        return None
    return Side(typed)


def line(shown: Shown, timezone: str) -> dict[str, Any]:
    appointment, lead = shown.appointment, shown.lead
    return {
        "id": appointment.id,
        "lead_id": lead.id,
        "lead": f"{lead.first_name} {lead.last_name}".strip(),
        "leadslug": lead.slug,
        "leadstatus": shown.lead_status,
        "fromdate": moment(appointment.starts_at, timezone),
        "appointment_note": appointment.note,
        "appointment_status": spelt(appointment.status),
        "todate": moment(appointment.ends_at, timezone),
    }


def window_of(form: Form, caller: Caller) -> InWindow:
    """Which appointments an overview shows: what is to come, unless another window is named."""
    typed = (form.text("appointment") or Window.UPCOMING).lower()
    if typed not in set(Window):
        form.refuse("appointment", BAD_WINDOW)
    form.check()
    return InWindow(business_id=caller.tenant.id, user_id=caller.user_id, window=Window(typed))


def short(shown: Shown, timezone: str) -> dict[str, Any]:
    """An appointment as an overview tells it."""
    appointment = shown.appointment
    return {
        "appointment_note": appointment.note,
        "appointment_status": spelt(appointment.status),
        "appointment_date": moment(appointment.starts_at, timezone),
        "appointment_to": moment(appointment.ends_at, timezone),
    }


HANDLERS: list[HTTPRouteHandler] = [list_all]
