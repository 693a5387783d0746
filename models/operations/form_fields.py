"""The inputs of a form: what each is called, how it looks, and what of a lead it tells."""

import re
from typing import Any

from models.errors import Invalid
from models.operations.fields import plain
from models.touch import TOUCHED_BY

KINDS = ("text", "email", "tel", "textarea", "select", "checkbox", "hidden")
# What an input may tell of a lead. Its status, its owner and its tags are nobody's to choose on a web page.
TARGETS = (
    "",
    "name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "address",
    "unique_id",
    "title",
    "message",
)

HONEYPOT = "contact_by_fax"
CONSENT = "consent"
RESERVED = frozenset({*TOUCHED_BY, HONEYPOT, CONSENT})

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
MOST_FIELDS, MOST_OPTIONS = 50, 100
KEYS = frozenset({"name", "label", "kind", "required", "options", "maps_to"})

Field = dict[str, Any]

DEFAULT_FIELDS: list[Field] = [
    {"name": "name", "label": "Name", "kind": "text", "required": True, "options": [], "maps_to": "name"},
    {"name": "email", "label": "Email", "kind": "email", "required": True, "options": [], "maps_to": "email"},
    {"name": "phone", "label": "Phone", "kind": "tel", "required": False, "options": [], "maps_to": "phone"},
    {
        "name": "message",
        "label": "Message",
        "kind": "textarea",
        "required": True,
        "options": [],
        "maps_to": "message",
    },
]


def checked_fields(value: object) -> list[Field]:
    """The inputs of a form, each with all that is known of it. Raises `Invalid`."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_FIELDS:
        message = f"fields must be a list of 1 to {MOST_FIELDS} inputs"
        raise Invalid(message, "fields")
    fields = [checked_field(one) for one in value]
    for what in ("name", "maps_to"):
        told = [field[what] for field in fields if field[what]]
        if len(set(told)) != len(told):
            message = f"two fields have the same {what}"
            raise Invalid(message, "fields")
    return fields


def checked_field(value: object) -> Field:
    if not isinstance(value, dict) or not value.keys() <= KEYS:
        message = f"a field is an object of {', '.join(sorted(KEYS))}"
        raise Invalid(message, "fields")
    name = value.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name) or name in RESERVED:
        raise Invalid(
            "a field is named by a letter and up to 63 letters, digits or _ . -, and not as our own inputs",
            "fields",
        )
    required = value.get("required", False)
    if not isinstance(required, bool):
        raise Invalid("required of a field must be true or false", "fields")
    kind = one_of(value.get("kind", "text"), KINDS, "kind")
    options = checked_options(value.get("options", []))
    if kind == "select" and not options:
        raise Invalid("a select needs options", "fields")
    return {
        "name": name,
        "label": plain(str(value.get("label") or name), "fields"),
        "kind": kind,
        "required": required,
        "options": options,
        "maps_to": one_of(value.get("maps_to", ""), TARGETS, "maps_to"),
    }


def checked_options(value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_OPTIONS:
        message = f"options must be a list of at most {MOST_OPTIONS} texts"
        raise Invalid(message, "fields")
    if not all(isinstance(one, str) and one.strip() for one in value):
        raise Invalid("an option is a text", "fields")
    return [plain(one, "fields") for one in value]


def one_of(value: object, allowed: tuple[str, ...], what: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        message = f"{what} of a field must be one of {', '.join(filter(None, allowed))}"
        raise Invalid(message, "fields")
    return value
