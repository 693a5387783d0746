"""Appointments made as the operations make them, in days from now by the business's clock."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.activity import Activity
from models.appointment import Appointment
from models.business import Business, User
from models.database import now, transact, transaction
from models.identifiers import new_uid, slugify
from models.job import APPOINTMENT_KINDS, Job
from models.lead import Lead
from models.operations.appointments.appoint import Appoint, appoint
from models.operations.appointments.change import ChangeAppointment, change
from models.operations.appointments.remove import RemoveAppointment, remove
from models.operations.history import next_timeline
from models.operations.staff import Hire, hire


def colleague(business: Business, username: str = "") -> int:
    """A further user of the business; the id."""
    wanted = Hire(business=business.uid, username=username or f"u{uuid.uuid4().hex[:8]}")
    return transact(hire, wanted).id


def owner(business: Business) -> int:
    with transaction() as session:
        users = select(User.id).where(User.business_id == business.id).order_by(col(User.id))
        return session.exec(users).first() or 0


def lead(business: Business, **columns: Any) -> Lead:
    """A lead that the business's owner made."""
    with transaction() as session:
        given: dict[str, Any] = {
            "creator_id": owner(business),
            "first_name": "Ada",
            "last_name": "Lovelace",
        } | columns
        made = Lead(business_id=business.id, uid=new_uid(), timeline_id=next_timeline(session), **given)
        session.add(made)
        session.flush()
        made.slug = slugify(made.first_name, made.id)
        return made


def day(days: int = 2, hour: int = 9, minute: int = 0, zone: str = "UTC") -> datetime:
    """A time of the wall."""
    with transaction() as session:
        today = now(session).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return (today + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def made(business: Business, slug: str, starts: datetime, minutes: int = 60, **more: Any) -> Appointment:
    command = Appoint(
        business_id=business.id,
        slug=slug,
        starts=starts,
        ends=starts + timedelta(minutes=minutes),
        **{"user_id": owner(business)} | more,
    )
    return transact(appoint, command)


def changed(business: Business, appointment: Appointment, **more: Any) -> Appointment:
    command = ChangeAppointment(
        business_id=business.id, appointment_id=appointment.id, **{"user_id": owner(business)} | more
    )
    return transact(change, command)


def removed(business: Business, appointment: Appointment, user_id: int | None = None) -> None:
    transact(
        remove,
        RemoveAppointment(
            business_id=business.id,
            user_id=user_id or owner(business),
            appointment_id=appointment.id,
        ),
    )


def kept(appointment: Appointment) -> Appointment:
    with transaction() as session:
        return session.get_one(Appointment, appointment.id)


def jobs(appointment: Appointment) -> list[Job]:
    """What the lead is to be told of it."""
    about = select(Job).where(
        Job.subject_id == appointment.id, col(Job.kind).in_([str(kind) for kind in APPOINTMENT_KINDS])
    )
    with transaction() as session:
        return list(session.exec(about.order_by(col(Job.id))))


def history(lead: Lead) -> list[tuple[str, str, str]]:
    with transaction() as session:
        lines = select(Activity).where(Activity.timeline_id == lead.timeline_id).order_by(col(Activity.id))
        return [(line.description, line.old_value, line.new_value) for line in session.exec(lines)]
