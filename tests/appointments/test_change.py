"""Changing an appointment: what becomes of its status, its sequence, its calendar and its history."""

from datetime import timedelta

import pytest

from models.business import Business
from models.database import transact
from models.errors import UnknownLead
from models.operations.appointments.facts import (
    EndsFirst,
    InThePast,
    NotInvolved,
    NotYourLead,
    Overlaps,
    UnknownAppointment,
)
from models.operations.records.people import LEADS
from models.operations.records.write import RemoveRecord, remove_record
from tests.appointments.made import changed, colleague, day, history, jobs, kept, lead, made, owner, removed
from tests.conftest import founded
from tests.workers.promised import execute


def test_it_works(business: Business) -> None:
    ada = lead(business)
    appointment = made(business, ada.slug, day(), remind_hours=1)
    after = changed(business, appointment, starts=day(3, 11), ends=day(3, 12), remind_hours=1)
    assert (after.status, after.sequence) == ("rescheduled", 1)
    days = [f"{day(days):%Y-%m-%d}" for days in (2, 3)]
    old, new = f"{days[0]} 09:00 to {days[0]} 10:00", f"{days[1]} 11:00 to {days[1]} 12:00"
    assert history(ada) == [("Appointment made", "", old), ("Appointment rescheduled", old, new)]
    assert [(job.kind, job.target_id) for job in jobs(appointment)] == [
        ("appointment_confirmation", 0),
        ("appointment_reminder", 0),
        ("appointment_confirmation", 1),
        ("appointment_reminder", 1),
    ]
    assert kept(appointment).remind_at == after.starts_at - timedelta(hours=1)


def test_it_does_not_stand_in_its_own_way(business: Business) -> None:
    appointment = made(business, lead(business).slug, day())
    changed(business, appointment, starts=day(minute=30), ends=day(hour=10, minute=30))


def test_it_stands_in_the_way_of_others(business: Business) -> None:
    slug = lead(business).slug
    made(business, slug, day(hour=9))
    later = made(business, slug, day(hour=11))
    with pytest.raises(Overlaps):
        changed(business, later, starts=day(hour=9, minute=30))
    assert kept(later).sequence == 0
    changed(business, later, starts=day(hour=10))


def test_it_frees_the_time_of_what_is_cancelled_and_asks_again_when_it_is_not(business: Business) -> None:
    slug = lead(business).slug
    first = made(business, slug, day())
    changed(business, first, status="cancelled")
    second = made(business, slug, day())
    with pytest.raises(Overlaps):
        changed(business, first, status="pending")
    removed(business, second)
    assert changed(business, first, status="pending").sequence == 2


def test_it_keeps_the_status_that_is_said(business: Business) -> None:
    ada = lead(business)
    appointment = made(business, ada.slug, day())
    after = changed(business, appointment, starts=day(hour=8), status="confirmed")
    assert after.status == "confirmed"
    changed(business, appointment, status="rescheduled")
    assert history(ada)[2:] == [
        ("Appointment confirmed", "pending", "confirmed"),
        ("Appointment rescheduled", "confirmed", "rescheduled"),
    ]


def test_it_tells_nobody_of_a_note_or_of_what_is_as_it_was(business: Business) -> None:
    ada = lead(business)
    appointment = made(business, ada.slug, day())
    changed(business, appointment, note="Ask for the plan")
    changed(business, appointment, starts=day(), ends=day(hour=10), status="pending", slug=ada.slug)
    assert (kept(appointment).status, kept(appointment).sequence, len(jobs(appointment))) == ("pending", 0, 1)
    assert history(ada)[1:] == [("Appointment changed: note", "Prospect appointment", "Ask for the plan")]


def test_it_tells_nobody_that_it_was_fulfilled(business: Business) -> None:
    ada = lead(business)
    appointment = made(business, ada.slug, day())
    changed(business, appointment, status="fulfilled")
    assert len(jobs(appointment)) == 1
    assert history(ada)[1:] == [("Appointment fulfilled", "pending", "fulfilled")]


def test_it_looks_at_the_time_only_where_one_is_sent(business: Business) -> None:
    appointment = made(business, lead(business).slug, day())
    execute(
        "UPDATE appointment SET starts_at = starts_at - interval '9 days',"
        " ends_at = ends_at - interval '9 days' WHERE id = %s",
        appointment.id,
    )
    assert changed(business, appointment, note="Went well", status="fulfilled").note == "Went well"
    changed(business, appointment, status="cancelled")
    # Nobody is told of what is over.
    assert len(jobs(appointment)) == 1
    with pytest.raises(InThePast):
        changed(business, appointment, ends=day(hour=11))
    with pytest.raises(EndsFirst):
        changed(business, appointment, starts=day(hour=11))


def test_it_goes_to_another_lead_as_an_event_of_its_own(business: Business) -> None:
    grace = colleague(business)
    ada, alan = lead(business), lead(business, owner_id=grace)
    first = made(business, ada.slug, day())
    after = changed(business, first, slug=alan.slug)
    assert (after.id, after.lead_id, after.owner_id) == (first.id, alan.id, grace)
    assert after.timeline_id == alan.timeline_id
    assert after.uid != first.uid
    assert [line[0] for line in history(ada)] == ["Appointment made", "Appointment given to another lead"]
    assert [line[0] for line in history(alan)] == ["Appointment made"]
    # The time of the first calendar is free again.
    made(business, ada.slug, day())


def test_it_is_for_those_involved(business: Business) -> None:
    grace, alan = colleague(business), colleague(business)
    slug = lead(business, owner_id=grace).slug
    appointment = made(business, slug, day())
    for user in (owner(business), grace):
        changed(business, appointment, user_id=user, note=f"by {user}")
    for refused in (
        lambda: changed(business, appointment, user_id=alan, note="x"),
        lambda: removed(business, appointment, alan),
    ):
        with pytest.raises(NotInvolved):
            refused()
    with pytest.raises(NotYourLead):
        changed(business, appointment, user_id=grace, slug=lead(business).slug)
    with pytest.raises(UnknownLead):
        changed(business, appointment, slug="nobody-1")


def test_it_knows_none_that_is_gone_or_another_businesss(business: Business) -> None:
    other = founded()
    theirs = made(other, lead(other).slug, day())
    gone = made(business, lead(business).slug, day())
    removed(business, gone)
    for appointment in (theirs, gone):
        with pytest.raises(UnknownAppointment):
            changed(business, appointment, note="x")
        with pytest.raises(UnknownAppointment):
            removed(business, appointment)


def test_it_is_called_off_when_it_is_deleted(business: Business) -> None:
    ada = lead(business)
    appointment = made(business, ada.slug, day(), remind_hours=1)
    removed(business, appointment)
    assert (kept(appointment).sequence, kept(appointment).remind_at) == (1, None)
    assert [job.target_id for job in jobs(appointment)] == [0, 0, 1]
    assert history(ada)[-1][0] == "Appointment deleted"
    made(business, ada.slug, day())


def test_it_is_called_off_when_its_lead_is_deleted(business: Business) -> None:
    ada = lead(business)
    appointment, past = made(business, ada.slug, day()), made(business, ada.slug, day(3))
    execute("UPDATE appointment SET starts_at = 'yesterday', ends_at = 'today' WHERE id = %s", past.id)
    gone = RemoveRecord(kind=LEADS, business_id=business.id, user_id=None, record_id=ada.id)
    transact(remove_record, gone)
    assert (kept(appointment).status, kept(appointment).sequence) == ("cancelled", 1)
    assert kept(past).status == "pending"
    assert ("Appointment cancelled", "pending", "cancelled") in history(ada)
    made(business, lead(business).slug, day())
    with pytest.raises(UnknownAppointment):
        changed(business, appointment, note="x")
