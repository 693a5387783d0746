"""The settings of a form: what an operator may write into each, and the form in which it is kept."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

from models.errors import Invalid
from models.form import Form
from models.job import NOTIFICATIONS
from models.lead import IdentityKind
from models.operations.fields import plain, required
from models.operations.form_fields import checked_fields

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
# No blank, no control, no backslash: browsers read that as a slash.
PRINTED = re.compile(r"[!-\[\]-~]+")
DEFAULT_PORTS = {"http": 80, "https": 443}
A_DAY, A_YEAR = 86_400, 365
MOST_WORDS = 200
LONGEST_CONSENT = 2_000


def words(field: str, value: object) -> list[str]:
    """A list of texts without blanks and repeats."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        message = f"{field} must be a list of texts"
        raise Invalid(message, field)
    if len(value) > MOST_WORDS:
        message = f"{field} may hold {MOST_WORDS} texts at most"
        raise Invalid(message, field)
    return list(dict.fromkeys(plain(one, field) for one in value if one.strip()))


def text(field: str, value: object, longest: int = 200) -> str:
    if not isinstance(value, str):
        message = f"{field} must be a text"
        raise Invalid(message, field)
    return plain(value, field, longest)


def named(field: str, value: object) -> str:
    return required(text(field, value), field)


def switch(field: str, value: object) -> bool:
    if not isinstance(value, bool):
        message = f"{field} must be true or false"
        raise Invalid(message, field)
    return value


def within(least: int, most: int, field: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        message = f"{field} must be a whole number from {least} to {most}"
        raise Invalid(message, field)
    return value


def notifications(field: str, value: object) -> list[str]:
    wanted = words(field, value)
    if not set(wanted) <= NOTIFICATIONS.keys():
        message = f"{field} must be any of {', '.join(NOTIFICATIONS)}"
        raise Invalid(message, field)
    return wanted


def identifier(field: str, value: object) -> str:
    try:
        return IdentityKind(text(field, value))
    except ValueError:
        raise Invalid("identifier must be email or unique_id", field) from None


def language(field: str, value: object) -> str:
    tag = text(field, value)
    if not LANGUAGE.fullmatch(tag):
        raise Invalid("language must be a tag such as en or de", field)
    return tag


def origins(field: str, value: object) -> list[str]:
    return list(dict.fromkeys(origin(field, one) for one in words(field, value)))


def origin(field: str, value: str) -> str:
    """An origin as browsers write it: scheme, host, and a port that is not the scheme's own."""
    parts = split(field, value)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        message = f"{field}: an origin is a scheme and a host, such as https://acme.example.org"
        raise Invalid(message, field)
    return origin_of(parts)


def page(field: str, value: object) -> str:
    """A page on the web to send a visitor to; empty for ours."""
    address = text(field, value, 2000)
    if address:
        split(field, address)
    return address


def split(field: str, value: str) -> SplitResult:
    """The parts of a web address. Raises `Invalid` for everything that two readers may read differently."""
    try:
        parts = urlsplit(value)
        host, user, _ = parts.hostname or "", parts.username, parts.port
    except ValueError:
        host, user, parts = "", None, SplitResult("", "", "", "", "")
    bare = HOST.fullmatch(host) is not None and user is None
    if not bare or parts.scheme not in DEFAULT_PORTS or not PRINTED.fullmatch(value):
        message = f"{field} must be an address such as https://acme.example.org"
        raise Invalid(message, field)
    return parts


def origin_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}"


def agree(form: Form) -> None:
    """Settings that depend on each other. Raises `Invalid`."""
    for name in ("success_url", "error_url"):
        address = getattr(form, name)
        if address and origin_of(urlsplit(address)) not in form.origins:
            message = f"{name} must be on one of the form's origins"
            raise Invalid(message, name)
    if form.min_seconds >= form.max_seconds:
        raise Invalid("min_seconds must be below max_seconds", "min_seconds")
    if form.identifier not in {field["maps_to"] for field in form.fields}:
        message = f"no field maps to {form.identifier}, by which people are known again"
        raise Invalid(message, "fields")
    if form.double_opt_in and not form.consent:
        raise Invalid("a double opt-in needs the wording of the consent", "consent")


CHECKS: Mapping[str, Callable[[str, object], Any]] = {
    "name": named,
    "fields": lambda _, value: checked_fields(value),
    "identifier": identifier,
    "notifications": notifications,
    "origins": origins,
    "success_url": page,
    "error_url": page,
    "language": language,
    "source": text,
    "tags": words,
    "consent": partial(text, longest=LONGEST_CONSENT),
    "double_opt_in": switch,
    "honeypot": switch,
    "altcha": switch,
    "min_seconds": partial(within, 0, A_DAY),
    "max_seconds": partial(within, 1, A_YEAR * A_DAY),
    "blocked_words": words,
    "threshold": partial(within, 1, 1_000),
    "daily_limit": partial(within, 0, 1_000_000),
    "recipient_limit": partial(within, 0, 1_000_000),
    "retention_days": partial(within, 0, 100 * A_YEAR),
}
