"""Identifiers that we make, and the normal forms of those that people have."""

import base64
import os
import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from models.errors import Invalid

NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address to write to, and the normal form that it is matched by."""

    address: str
    identity: str


def new_uid() -> str:
    """Make 16 lower-case letters and digits: 80 random bits in base 32."""
    return base64.b32encode(os.urandom(10)).decode("ascii").lower()


def slugify(name: str, number: int) -> str:
    """Turn a name into the readable part of an address; the number keeps it unique."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    words = NOT_SLUG.sub("-", ascii_name).strip("-")[:200]
    return f"{words or 'lead'}-{number}"


def email_address(typed: str, field: str = "email") -> EmailAddress:
    """Check an address and normalise it; whether it can be delivered to is a worker's question.

    The identity is casefolded as a whole and carries the ASCII form of its domain. Dots and +tags
    stay: they are somebody's address at some providers. Raises `Invalid`.
    """
    try:
        checked = validate_email(typed, check_deliverability=False, strict=True)
    except EmailNotValidError as exc:
        # The validator's own words may echo what was typed; ours name the field only.
        message = f"{field} is not a valid email address"
        raise Invalid(message, field) from exc
    identity = f"{checked.local_part.casefold()}@{checked.ascii_domain or checked.domain}"
    return EmailAddress(checked.normalized, unicodedata.normalize("NFC", identity))


def phone_e164(typed: str, region: str) -> str:
    """Give the E.164 form of a number as it is dialled in a region (ISO 3166 alpha-2), or nothing.

    A number that cannot be read is no reason to refuse a person: it is kept as typed.
    """
    if not typed:
        return ""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
