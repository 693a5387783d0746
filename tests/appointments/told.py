"""What a lead was told: the mail, and the event in it."""

from datetime import datetime
from email.message import EmailMessage

from icalendar import Calendar, Event

from models.appointment import Appointment
from tests.appointments.made import jobs
from tests.workers.promised import Providers, execute, read
from workers.run import run


def send(appointment: Appointment) -> None:
    """Let a worker do all that is due about it."""
    run([job.id for job in jobs(appointment)])


def make_due(appointment: Appointment) -> None:
    """As if the time of its reminder had come."""
    execute(
        "UPDATE job SET next_at = clock_timestamp() WHERE subject_id = %s AND kind = 'appointment_reminder'",
        appointment.id,
    )


def last_mail(providers: Providers) -> EmailMessage:
    return read(providers.smtp.mails[-1])


def file(mail: EmailMessage) -> bytes:
    [attached] = mail.iter_attachments()
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def calendar(mail: EmailMessage) -> Calendar:
    """Of the file, which is that of the version beside the text."""
    versions = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    content = file(mail)
    assert [part.get_payload(decode=True) for part in versions] == [content]
    parsed = Calendar.from_ical(content)
    assert isinstance(parsed, Calendar)
    assert versions[0]["Content-Type"].params["method"] == parsed["METHOD"]
    return parsed


def event(mail: EmailMessage) -> Event:
    [found] = calendar(mail).events
    return found


def times(found: Event) -> tuple[datetime, datetime]:
    return found.DTSTART, found.DTEND
