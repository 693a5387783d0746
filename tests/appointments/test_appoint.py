"""Making an appointment: whose calendar it takes, and what a calendar does not take."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Column, MetaData, Table
from sqlmodel import Session

from models.appointment import NO_OVERLAP, Appointment, exclusion
from models.business import Business
from models.errors import UnknownLead
from models.operations.appointments.facts import EndsFirst, InThePast, NotYourLead, Overlaps
from tests.appointments.made import colleague, day, history, jobs, kept, lead, made, owner
from tests.conftest import founded


def test_it_works(business: Business) -> None:
    ada = lead(business)
    starts = day()
    appointment = kept(made(business, ada.slug, starts, note="Bring samples", remind_hours=24))
    assert appointment.owner_id == appointment.creator_id == owner(business)
    assert (appointment.status, appointment.sequence, appointment.note) == ("pending", 0, "Bring samples")
    assert appointment.ends_at - appointment.starts_at == timedelta(hours=1)
    assert appointment.remind_at == appointment.starts_at - timedelta(hours=24)
    assert history(ada) == [("Appointment made", "", f"{starts:%Y-%m-%d} 09:00 to {starts:%Y-%m-%d} 10:00")]
    confirmation, reminder = jobs(appointment)
    assert (confirmation.kind, reminder.kind) == ("appointment_confirmation", "appointment_reminder")
    assert reminder.next_at == reminder.ring_at == appointment.remind_at


def test_it_takes_the_assignees_calendar(business: Business) -> None:
    grace = colleague(business)
    appointment = made(business, lead(business, owner_id=grace).slug, day(), user_id=owner(business))
    assert (appointment.owner_id, appointment.creator_id) == (grace, owner(business))


def test_it_leaves_the_hour_free_in_which_another_ends(business: Business) -> None:
    slug = lead(business).slug
    made(business, slug, day(hour=9))
    made(business, slug, day(hour=10))
    made(business, slug, day(hour=8))
    for starts, minutes in ((day(hour=9), 60), (day(hour=9, minute=59), 30), (day(hour=7), 300)):
        with pytest.raises(Overlaps):
            made(business, slug, starts, minutes)


def test_it_fills_each_calendar_by_itself(business: Business) -> None:
    made(business, lead(business).slug, day())
    made(business, lead(business, owner_id=colleague(business)).slug, day())
    other = founded()
    made(other, lead(other).slug, day())


def test_it_does_not_count_what_was_cancelled(business: Business) -> None:
    slug = lead(business).slug
    cancelled = made(business, slug, day(), status="cancelled")
    made(business, slug, day())
    assert jobs(cancelled) == []


def test_it_gives_a_time_to_one_of_many_who_ask_at_once(business: Business) -> None:
    slugs = [lead(business).slug for _ in range(8)]
    starts = day()

    def ask(number: int) -> str:
        try:
            made(business, slugs[number % 8], starts + timedelta(minutes=number))
        except Overlaps as fact:
            return fact.reason
        return "made"

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(ask, range(16)))
    assert answers == ["made", *["overlaps"] * 15]


def test_it_refuses_a_time_that_is_none(business: Business) -> None:
    slug = lead(business).slug
    for minutes in (0, -60):
        with pytest.raises(EndsFirst):
            made(business, slug, day(), minutes)
    with pytest.raises(InThePast):
        made(business, slug, day(-1), 60 * 24 * 3)


def test_it_is_for_those_who_made_the_lead_or_work_on_it(business: Business) -> None:
    grace, alan = colleague(business), colleague(business)
    slug = lead(business, owner_id=grace).slug
    made(business, slug, day(), user_id=grace)
    with pytest.raises(NotYourLead):
        made(business, slug, day(3), user_id=alan)


def test_it_knows_no_lead_of_another_business(business: Business) -> None:
    with pytest.raises(UnknownLead):
        made(business, lead(founded()).slug, day())


def test_it_promises_no_reminder_that_would_come_too_late(business: Business) -> None:
    near = made(business, lead(business).slug, day(1), remind_hours=72)
    never = made(business, lead(business).slug, day(2), remind_hours=0)
    assert [job.kind for job in jobs(near) + jobs(never)] == ["appointment_confirmation"] * 2
    assert kept(near).remind_at is None


def test_it_holds_in_the_database_what_the_table_says(session: Session) -> None:
    """Alembic does not compare exclusion constraints."""
    columns = [Column(one.name, one.type) for one in Appointment.__table__.columns]  # type: ignore[attr-defined]
    told = Table("appointment_as_told", MetaData(), *columns, exclusion(), prefixes=["TEMPORARY"])
    told.create(session.connection())
    definitions = session.connection().exec_driver_sql(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", (NO_OVERLAP,)
    )
    kept_and_told = definitions.scalars().all()
    assert len(kept_and_told) == 2
    assert len(set(kept_and_told)) == 1
