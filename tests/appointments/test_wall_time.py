"""Times of a business's clock, where the clocks are changed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from models.business import Business
from models.operations.appointments.listing import Window, days_of, midnight
from models.operations.appointments.wall_time import moment_of, told
from tests.appointments.made import day, kept, lead, made
from tests.workers.promised import execute

BERLIN, NEW_YORK, CAIRO = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Africa/Cairo"))


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "typed", "moment", "shown"),
    [
        (BERLIN, "2027-01-15 09:00", "2027-01-15 08:00", "2027-01-15 09:00"),
        (BERLIN, "2027-07-15 09:00", "2027-07-15 07:00", "2027-07-15 09:00"),
        # The clocks go from two to three: half past two is an hour later.
        (BERLIN, "2027-03-28 02:30", "2027-03-28 01:30", "2027-03-28 03:30"),
        # They go from three back to two: half past two comes twice, and the first is meant.
        (BERLIN, "2027-10-31 02:30", "2027-10-31 00:30", "2027-10-31 02:30"),
        (NEW_YORK, "2027-03-14 02:30", "2027-03-14 07:30", "2027-03-14 03:30"),
        (NEW_YORK, "2027-11-07 01:30", "2027-11-07 05:30", "2027-11-07 01:30"),
    ],
)
def test_it_works(zone: ZoneInfo, typed: str, moment: str, shown: str) -> None:
    meant = moment_of(wall(typed), zone)
    assert meant == wall(moment).replace(tzinfo=UTC)
    assert told(meant, zone) == shown


def test_it_reads_the_clock_of_the_business(business: Business) -> None:
    for name, zone in {"Europe/Berlin": BERLIN, "America/New_York": NEW_YORK}.items():
        execute("UPDATE business SET timezone = %s WHERE id = %s", name, business.id)
        starts = day(9, 14)
        appointment = kept(made(business, lead(business).slug, starts))
        assert appointment.starts_at.astimezone(zone).replace(tzinfo=None) == starts


def test_it_begins_a_day_without_midnight_at_one() -> None:
    """Egypt's clocks go from midnight to one."""
    first = midnight(date(2027, 4, 30), CAIRO)
    assert told(first, CAIRO) == "2027-04-30 01:00"


@pytest.mark.parametrize(
    ("window", "today", "first", "after"),
    [
        (Window.TODAY, "2027-02-28", "2027-02-28", "2027-03-01"),
        (Window.WEEK, "2027-02-28", "2027-02-22", "2027-03-01"),
        (Window.WEEK, "2027-03-01", "2027-03-01", "2027-03-08"),
        (Window.MONTH, "2027-02-28", "2027-02-01", "2027-03-01"),
        (Window.MONTH, "2027-12-31", "2027-12-01", "2028-01-01"),
        (Window.MONTH, "2027-01-31", "2027-01-01", "2027-02-01"),
    ],
)
def test_it_knows_weeks_and_months(window: Window, today: str, first: str, after: str) -> None:
    assert days_of(window, date.fromisoformat(today)) == (
        date.fromisoformat(first),
        date.fromisoformat(after),
    )
