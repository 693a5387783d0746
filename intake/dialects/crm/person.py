"""The fields of a lead that a caller writes, each with its own words of refusal (wire.md 4.2, 8 and 9)."""

import re
from dataclasses import dataclass

from intake.dialects.crm.form import BLANK, Form
from models.errors import Invalid
from models.identifiers import EmailAddress, email_address
from models.operations.owned.words import SOURCES, STATUSES

LONGEST = 255
NO_ASSIGNEE = "Assignee not found."
PHONE = re.compile(r"\+?1?[0-9]{9,15}")
BAD_EMAIL = "Invalid email."
BAD_PHONE = "Phone number must be entered in the format: '999999999'. Up to 15 digits allowed."


@dataclass(frozen=True, slots=True)
class Person:
    """What was said of a lead; None of what was not."""

    first_name: str
    last_name: str
    email: EmailAddress
    phone: str
    status: str | None
    source: str | None
    location: str | None
    message: str | None
    assignee: str | None


def person_of(form: Form) -> Person:
    """Raises `BadFields` with all that is wrong."""
    names = [form.text(name, needed=True, blank=BLANK, most=LONGEST) for name in ("first_name", "last_name")]
    email = email_of(form)
    phone = phone_of(form)
    status = choice_of(form, "status", tuple(STATUSES))
    source = choice_of(form, "source", SOURCES)
    location, message = (form.text(name, most=LONGEST) for name in ("location", "message"))
    assignee = form.text("assignee", blank=BLANK, most=LONGEST)
    form.check()
    first_name, last_name = (name or "" for name in names)
    assert email is not None, "the form was checked"  # noqa: S101 - what mypy cannot see
    return Person(first_name, last_name, email, phone or "", status, source, location, message, assignee)


def email_of(form: Form) -> EmailAddress | None:
    typed = form.text("email", needed=True, blank=BLANK, most=LONGEST)
    if typed is None:
        return None
    try:
        return email_address(typed)
    except Invalid:
        form.refuse("email", BAD_EMAIL)
        return None


def phone_of(form: Form) -> str | None:
    typed = form.text("phone", needed=True, blank=BLANK)
    if typed is not None and not PHONE.fullmatch(typed):
        form.refuse("phone", BAD_PHONE)
    return typed


def choice_of(form: Form, name: str, choices: tuple[str, ...]) -> str | None:
    """One of the choices, whatever its case; a blank one was not said (row 14)."""
    typed = form.text(name)
    if not typed:
        return None
    if typed.lower() not in choices:
        form.refuse(name, f"{typed} is not a valid choice.")
    return typed.lower()
