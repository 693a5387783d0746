"""Days and times as callers of this tongue write them (wire.md 4.3 rows 10 and 11)."""

import re
from datetime import date, datetime

from intake.dialects.crm.form import Form

BAD_DATE = "Invalid date format."
# Of 24 hours, `hh:mm` or `hh-mm`, with seconds if one likes.
TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2}) [T\x20] (?: (\d{2}):(\d{2}) (?: :(\d{2}) )? | (\d{2})-(\d{2}) (?: -(\d{2}) )? )",
    re.ASCII | re.VERBOSE,
)
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Near the ends of the calendar no time zone can be reckoned with, and nobody meets there.
YEARS = range(1900, 9900)


def time_of(form: Form, name: str, *, needed: bool = False, blank: str = "") -> datetime | None:
    """A time of the business's clock; None where it was not sent or is refused."""
    typed = form.text(name, needed=needed, blank=blank)
    if typed is None:
        return None
    time = wall_time(typed)
    if time is None:
        form.refuse(name, BAD_DATE)
    return time


def wall_time(typed: str) -> datetime | None:
    match = TIME.fullmatch(typed)
    if match is None:
        return None
    day, *clock = (part for part in match.groups() if part is not None)
    return sound(f"{day}T{':'.join(clock)}")


def day_of(typed: str) -> date | None:
    """A day as `MM/DD/YYYY` or as ISO 8601 has it; None where it is none."""
    match = AMERICAN.fullmatch(typed)
    if match is not None:
        month, day, year = match.groups()
        typed = f"{year}-{month:0>2}-{day:0>2}"
    time = sound(typed) if ISO.fullmatch(typed) else None
    return time.date() if time else None


def sound(iso: str) -> datetime | None:
    """The time, unless there is no such day or hour."""
    try:
        time = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return time if time.year in YEARS else None
