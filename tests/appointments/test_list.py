"""Which appointments somebody sees, and in what order."""

from typing import Any

from models.business import Business
from models.database import transaction
from models.operations.appointments.listing import (
    InWindow,
    ListAppointments,
    Page,
    Side,
    Window,
    appointments_in,
    list_appointments,
)
from tests.appointments.made import changed, colleague, day, lead, made, owner, removed
from tests.conftest import founded
from tests.workers.promised import execute


def listed(business: Business, **more: Any) -> Page:
    with transaction() as session:
        command = ListAppointments(business_id=business.id, **{"user_id": owner(business)} | more)
        return list_appointments(session, command)


def ids(page: Page) -> list[int]:
    return [one.appointment.id for one in page.shown]


def test_it_works(business: Business) -> None:
    slug = lead(business).slug
    late, early = made(business, slug, day(5)), made(business, slug, day(3))
    page = listed(business)
    assert (ids(page), page.count) == ([early.id, late.id], 2)
    assert (page.shown[0].lead.slug, page.shown[0].lead_status) == (slug, "prospect")
    assert (ids(listed(business, limit=1)), listed(business, limit=1).count) == ([early.id], 2)
    assert ids(listed(business, limit=1, offset=1)) == [late.id]


def test_it_shows_those_of_ones_calendar_and_of_ones_leads(business: Business) -> None:
    grace, alan = colleague(business), colleague(business)
    hers = made(business, lead(business, owner_id=grace).slug, day())
    assert ids(listed(business, user_id=grace)) == ids(listed(business, user_id=owner(business))) == [hers.id]
    assert ids(listed(business, user_id=alan)) == []
    execute("UPDATE lead SET owner_id = %s, creator_id = %s WHERE id = %s", alan, alan, hers.lead_id)
    assert ids(listed(business, user_id=grace)) == ids(listed(business, user_id=alan)) == [hers.id]
    assert ids(listed(founded())) == []


def test_it_hides_what_is_deleted(business: Business) -> None:
    appointment, other = (
        made(business, lead(business).slug, day()),
        made(business, lead(business).slug, day(3)),
    )
    removed(business, appointment)
    execute("UPDATE lead SET deleted_at = clock_timestamp() WHERE id = %s", other.lead_id)
    assert listed(business).count == 0


def test_it_narrows(business: Business) -> None:
    ada, grace = lead(business), lead(business, first_name="GRACE")
    first, second = made(business, ada.slug, day(3, 23), 30), made(business, grace.slug, day(4, 0), 30)
    changed(business, second, status="confirmed")
    assert (
        ids(listed(business, status="confirmed")) == ids(listed(business, first_name="grace")) == [second.id]
    )
    assert ids(listed(business, first_name="gr%")) == []
    sides = {side: ids(listed(business, side=side, day=day(3).date())) for side in Side}
    assert sides == {Side.ON: [first.id], Side.BEFORE: [], Side.AFTER: [second.id]}
    assert ids(listed(business, side=Side.BEFORE, day=day(4).date())) == [first.id]


def test_it_reads_days_by_the_clock_of_the_business(business: Business) -> None:
    execute("UPDATE business SET timezone = 'America/New_York' WHERE id = %s", business.id)
    appointment = made(business, lead(business).slug, day(3, 23))
    assert ids(listed(business, side=Side.ON, day=day(3).date())) == [appointment.id]
    assert ids(listed(business, side=Side.AFTER, day=day(3).date())) == []


def test_it_looks_through_windows(business: Business) -> None:
    slug = lead(business).slug
    near, far = made(business, slug, day(1)), made(business, slug, day(100))
    begun = made(business, slug, day(2))
    execute(
        "UPDATE appointment SET starts_at = date_trunc('day', clock_timestamp(), 'UTC'),"
        " ends_at = date_trunc('day', clock_timestamp(), 'UTC') + interval '1 second' WHERE id = %s",
        begun.id,
    )

    def seen(window: Window) -> list[int]:
        with transaction() as session:
            command = InWindow(business_id=business.id, user_id=owner(business), window=window)
            return [one.appointment.id for one in appointments_in(session, command)]

    assert seen(Window.UPCOMING) == [near.id, far.id]
    for window in (Window.TODAY, Window.WEEK, Window.MONTH):
        assert seen(window)[0] == begun.id
        assert far.id not in seen(window)
