"""The page about appointments says the same as the code."""

import re

from intake.dialects.crm import agenda, appointments, overview
from intake.dialects.crm.agenda import BAD_SIDE, BAD_WINDOW
from intake.dialects.crm.appointments import BAD_ID, CHANGING, FIELDS, LONGEST_NOTE, MAKING, REMOVING
from intake.dialects.crm.form import IS_BLANK, NO_BODY, REQUIRED
from intake.dialects.crm.moments import BAD_DATE
from intake.dialects.crm.statuses import BAD_STATUS
from tests.docs.test_docs import quoted, rows

PAGE = "docs/appointments.md"
MESSAGES = {
    *(message for words in (MAKING, CHANGING, REMOVING) for _, message in words.values()),
    *(BAD_DATE, BAD_ID, BAD_SIDE, BAD_STATUS, BAD_WINDOW, IS_BLANK, NO_BODY, REQUIRED),
    f"Ensure this field has no more than {LONGEST_NOTE} characters.",
}


def test_it_tells_every_endpoint_and_no_other() -> None:
    handlers = [*appointments.HANDLERS, *agenda.HANDLERS, *overview.HANDLERS]
    served = {
        f"{min(handler.http_methods)} {path}/"
        for handler in handlers
        for path in handler.paths
        if path.startswith("/leads")
    }
    assert {name for row in rows(PAGE) for name in quoted(row[0]) if "/" in name} == served


def test_it_tells_every_field() -> None:
    [row] = [row for row in rows(PAGE) if "create/appointment" in row[0]]
    assert set(FIELDS) <= set(re.findall(r"`([a-z_]+)`", row[1]))


def test_it_tells_every_error_and_no_other() -> None:
    told = {message for row in rows(PAGE) if row[0].isdigit() for message in quoted(row[1])}
    assert told == MESSAGES
