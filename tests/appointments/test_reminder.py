"""The reminder of an appointment: when it is due, and when it has lost its point."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.appointment import Appointment
from models.business import Business
from models.database import now, transaction
from models.job import JobState
from tests.appointments.made import changed, day, jobs, lead, made, removed
from tests.appointments.told import last_mail, make_due, send
from tests.workers.promised import Providers, body, delivery, execute, job, somebody, states
from workers.run import run


def reminded(business: Business) -> tuple[Appointment, int]:
    """An appointment whose lead was told of it, and the id of its reminder's job."""
    appointment = made(business, lead(business, email=somebody()).slug, day(3), remind_hours=24)
    send(appointment)
    return appointment, jobs(appointment)[1].id


def test_it_works(providers: Providers, business: Business) -> None:
    appointment, reminder = reminded(business)
    # Before its time nobody can take it.
    assert job(reminder).state == JobState.PENDING
    assert job(reminder).next_at == appointment.starts_at - timedelta(hours=24)
    with transaction() as session:
        assert job(reminder).next_at > now(session)
    make_due(appointment)
    run([reminder])
    assert (states(reminder), len(providers.smtp.mails)) == (("sent", "done"), 2)
    mail = last_mail(providers)
    assert mail["Subject"] == f"Reminder: your appointment with Acme Chairs, {day(3):%Y-%m-%d} 09:00 UTC"
    assert mail["Reply-To"] == business.email
    assert "this is a reminder of your appointment with Acme Chairs" in body(mail)
    assert list(mail.iter_attachments()) == []


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda business, one: changed(business, one, starts=day(4), ends=day(4, 10)), "changed_since"),
        (lambda business, one: changed(business, one, status="confirmed"), "changed_since"),
        (lambda business, one: changed(business, one, status="cancelled"), "cancelled"),
        (lambda business, one: changed(business, one, status="fulfilled"), "fulfilled"),
        (removed, "cancelled"),
        (
            lambda _, one: execute(
                "UPDATE appointment SET starts_at = clock_timestamp() WHERE id = %s", one.id
            ),
            "begun",
        ),
    ],
)
def test_it_passes_itself_over(
    providers: Providers, business: Business, happens: Callable[[Business, Appointment], object], reason: str
) -> None:
    appointment, reminder = reminded(business)
    happens(business, appointment)
    make_due(appointment)
    run([reminder])
    assert (states(reminder), delivery(reminder).reason) == (("suppressed", "done"), reason)


def test_it_comes_for_the_new_time(providers: Providers, business: Business) -> None:
    appointment, _ = reminded(business)
    changed(business, appointment, starts=day(5), ends=day(5, 10), remind_hours=24)
    make_due(appointment)
    send(appointment)
    reminders = [one for one in jobs(appointment) if one.kind == "appointment_reminder"]
    assert [states(one.id)[0] for one in reminders] == ["suppressed", "sent"]
    assert f"{day(5):%Y-%m-%d} 09:00 UTC" in last_mail(providers)["Subject"]
