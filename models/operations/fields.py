"""What an operator may write into the fields of a business, and the form in which it is kept."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS

from models.errors import Invalid
from models.identifiers import email_address, phone_e164

NICKNAME = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")
CURRENCY = re.compile(r"[A-Z]{3}")
PHONE = re.compile(r"\+?[0-9 ().-]{3,30}")
LONGEST = 200


def plain(value: str, field: str, longest: int = LONGEST) -> str:
    """One line of text without control characters, trimmed; it may be empty."""
    value = value.strip()
    if len(value) > longest:
        message = f"{field} is longer than {longest} characters"
        raise Invalid(message, field)
    if not value.isprintable():
        message = f"{field} contains a character that cannot be printed"
        raise Invalid(message, field)
    return value


def required(value: str, field: str) -> str:
    value = plain(value, field)
    if not value:
        message = f"{field} must not be empty"
        raise Invalid(message, field)
    return value


def nickname(value: str, field: str = "nickname") -> str:
    if not NICKNAME.fullmatch(value):
        message = (
            f"{field} must be 2 to 64 lower-case letters, digits or hyphens, and not begin with a hyphen"
        )
        raise Invalid(message, field)
    return value


def country(value: str) -> str:
    """An ISO 3166 alpha-2 code whose telephone numbers can be read."""
    code = value.strip().upper()
    if code not in SUPPORTED_REGIONS:
        raise Invalid("country must be a two-letter ISO 3166 code, such as US", "country")
    return code


@lru_cache(maxsize=1)
def timezones() -> frozenset[str]:
    """The names that this machine knows, which lie in several hundred files."""
    return frozenset(available_timezones())


def timezone(value: str) -> str:
    if value not in timezones():
        raise Invalid("timezone must be a name of the IANA database, such as Europe/Berlin", "timezone")
    return value


def currency(value: str) -> str:
    code = value.strip().upper()
    if not CURRENCY.fullmatch(code):
        raise Invalid("currency must be three letters, such as EUR", "currency")
    return code


def url(value: str) -> str:
    value = plain(value, "url", 2000)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound:
        raise Invalid("url must begin with http:// or https:// and a host", "url")
    return value


def phone(value: str, region: str) -> str:
    """The number in E.164, or as it was typed where nobody can tell what it is."""
    value = plain(value, "phone")
    if value and not PHONE.fullmatch(value):
        raise Invalid("phone must be a telephone number, such as +14155550100", "phone")
    return phone_e164(value, region) or value


def external_id(value: str) -> str | None:
    """Another system's name of the business, in ASCII since it travels in a header; None where empty."""
    value = plain(value, "external_id")
    if not value.isascii():
        raise Invalid("external_id must be ASCII characters", "external_id")
    return value or None


CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "nickname": nickname,
    "name": lambda value: required(value, "name"),
    "email": lambda value: email_address(value.strip()).address,
    "country": country,
    "timezone": timezone,
    "currency": currency,
    "url": url,
    "external_id": external_id,
}


def checked(fields: Mapping[str, str], region: str) -> dict[str, str | None]:
    """Check the named fields of a business; `region` reads its telephone number. Raises `Invalid`."""
    kept = {name: CHECKS[name](value) for name, value in fields.items() if name != "phone"}
    if "phone" in fields:
        kept["phone"] = phone(fields["phone"], kept.get("country") or region)
    return kept
