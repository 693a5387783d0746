"""Promise: what a lead is to be told of an appointment, owed in the transaction that makes it true."""

from datetime import timedelta

from sqlmodel import Session

from models.appointment import AHEAD, Appointment, AppointmentStatus
from models.database import now
from models.job import Job, JobKind
from models.operations.promise import job_of, promise, promise_later


def promise_confirmation(session: Session, appointment: Appointment) -> None:
    """Owe the lead word of the appointment as it now stands."""
    promise(session, message(appointment, JobKind.APPOINTMENT_CONFIRMATION))


def promise_reminder(session: Session, appointment: Appointment, hours: float) -> None:
    """Owe a reminder, unless the time for it is past. One of an earlier state passes itself over."""
    due = appointment.starts_at - timedelta(hours=hours)
    is_ahead = bool(hours) and appointment.status in AHEAD and due > now(session)
    appointment.remind_at = due if is_ahead else None
    if is_ahead:
        promise_later(session, message(appointment, JobKind.APPOINTMENT_REMINDER), due)


def message(appointment: Appointment, kind: JobKind) -> Job:
    """The job's target is the sequence of the appointment: which of its states the message is about."""
    return job_of(kind, appointment.business_id, appointment.id, appointment.sequence)


def call_off(session: Session, appointment: Appointment) -> None:
    """Owe the lead word that it will not take place, unless the lead knows or the time is past."""
    appointment.remind_at = None
    if appointment.status != AppointmentStatus.CANCELLED and appointment.ends_at > now(session):
        appointment.sequence += 1
        promise_confirmation(session, appointment)
