"""List: the appointments of a member of staff, page by page, in the order of their time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from models.appointment import Appointment, AppointmentStatus
from models.database import now
from models.lead import Lead
from models.operations.appointments.wall_time import moment_of, wall_of, zone_of
from models.operations.owned.words import told_status

MOST_AHEAD = 100


class Side(StrEnum):
    """On which side of a day."""

    ON = "on"
    BEFORE = "before"
    AFTER = "after"


class Window(StrEnum):
    """By the business's calendar; a week begins on Monday (ISO 8601)."""

    UPCOMING = "upcoming"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListAppointments:
    """Those in the user's calendar, and those with leads that the user made or works on."""

    business_id: int
    user_id: int
    side: Side | None = None
    day: date | None = None
    status: AppointmentStatus | None = None
    first_name: str = ""
    offset: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """An appointment with its lead, and the lead's status in the words of the Leads & CRM tongue."""

    appointment: Appointment
    lead: Lead
    lead_status: str


@dataclass(frozen=True, slots=True)
class Page:
    """`count` is of all that match, whatever the page."""

    shown: list[Shown]
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class InWindow:
    business_id: int
    user_id: int
    window: Window = Window.UPCOMING


def list_appointments(session: Session, command: ListAppointments) -> Page:
    zone = zone_of(session, command.business_id)
    rules = theirs(command.business_id, command.user_id)
    if command.side and command.day:
        rules += beside(command.side, command.day, zone)
    if command.status:
        rules.append(col(Appointment.status) == command.status)
    if command.first_name:
        rules.append(func.lower(Lead.first_name) == func.lower(command.first_name))
    counted = select(func.count()).select_from(Appointment).join(Lead, col(Lead.id) == Appointment.lead_id)
    return Page(
        shown_page(session, rules, command.offset, command.limit),
        session.exec(counted.where(*rules)).one(),
    )


def appointments_in(session: Session, command: InWindow) -> list[Shown]:
    """The first hundred of a window."""
    zone = zone_of(session, command.business_id)
    rules = theirs(command.business_id, command.user_id)
    rules += within(command.window, now(session), zone)
    return shown_page(session, rules, 0, MOST_AHEAD)


def theirs(business_id: int, user_id: int) -> list[ColumnElement[bool]]:
    return [
        col(Appointment.business_id) == business_id,
        col(Appointment.deleted_at).is_(None),
        col(Lead.deleted_at).is_(None),
        or_(
            col(Appointment.owner_id) == user_id,
            col(Lead.creator_id) == user_id,
            col(Lead.owner_id) == user_id,
        ),
    ]


def shown_page(session: Session, rules: list[ColumnElement[bool]], offset: int, limit: int) -> list[Shown]:
    query = select(Appointment, Lead, told_status()).join(Lead, col(Lead.id) == Appointment.lead_id)
    ordered = query.where(*rules).order_by(col(Appointment.starts_at), col(Appointment.id))
    return [Shown(*row) for row in session.exec(ordered.offset(offset).limit(limit))]


def beside(side: Side, day: date, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    starts = col(Appointment.starts_at)
    begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    return {
        Side.ON: [starts >= begins, starts < ends],
        Side.BEFORE: [starts < begins],
        Side.AFTER: [starts >= ends],
    }[side]


def within(window: Window, moment: datetime, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    starts = col(Appointment.starts_at)
    if window == Window.UPCOMING:
        return [starts >= moment]
    first, after = days_of(window, wall_of(moment, zone).date())
    return [starts >= midnight(first, zone), starts < midnight(after, zone)]


def days_of(window: Window, today: date) -> tuple[date, date]:
    """The first day of the window, and the first one after it."""
    if window == Window.TODAY:
        return today, today + timedelta(days=1)
    if window == Window.WEEK:
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=7)
    first = today.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return moment_of(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - a time of the wall
