"""Appointments as callers of the Leads & CRM tongue make and read them."""

from typing import Any

from tests.appointments.made import day
from tests.crm.conftest import Member


def at(days: int = 2, hour: int = 9, minute: int = 0, zone: str = "UTC") -> str:
    """A time in the form in which it is told."""
    return f"{day(days, hour, minute, zone):%Y-%m-%d %H:%M}"


def slot(days: int = 2, hour: int = 9, **more: Any) -> dict[str, Any]:
    """The fields of an appointment of an hour."""
    return {"appointment_date": at(days, hour), "appointment_to": at(days, hour + 1)} | more


def listed(member: Member, **query: Any) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = member.get("/leads/appointments/list/", **query)["results"]
    return results


def appointed(member: Member, slug: str, days: int = 2, hour: int = 9, **more: Any) -> str:
    """Make an appointment, and give its id."""
    assert member.post("/leads/create/appointment/", slug=slug, **slot(days, hour, **more)) == {}
    fields = {"fromdate": at(days, hour), "leadslug": slug}
    return next(str(one["id"]) for one in listed(member, limit=100) if fields.items() <= one.items())
