"""The document that every body becomes, the limits it is held to, and the refusal of one that breaks them."""

import re
from collections.abc import Sequence
from math import isfinite
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bool | dict[str, Value] | list[Value] | None"
Document: TypeAlias = dict[str, Value]

MAX_DEPTH = 32
MAX_KEYS = 200
MAX_TEXT_BYTES = 65_536

# A body of another type than it says becomes one long name, with all that it told of a person.
LIKE_A_VALUE = re.compile(r"""[@{}":]|\d{5}""")

TEXT_FAULTS = {
    "nul": "contains a NUL character",
    "lone_surrogate": "contains half of a surrogate pair, which is no character",
    "too_long": f"is longer than {MAX_TEXT_BYTES} bytes",
}


class BadBody(Exception):  # noqa: N818 - a refusal is a fact, not a fault
    """A request body that is refused: `status` is 400 (malformed), 413 (too large) or 415 (type).

    `reason` is a short, stable word for metrics and receipts; `field` names the input at fault, if one is.
    The message names fields and never repeats a value.
    """

    def __init__(self, message: str, *, status: int = 400, field: str | None = None, reason: str) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.field = field
        self.reason = reason


def decode(raw: bytes, field: str | None = None) -> str:
    """Read bytes as UTF-8, strictly: overlong forms and surrogates are refused too."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        fault = "is not valid UTF-8"
        if field is not None:
            raise refuse_field(field, "not_utf8", fault) from None
        raise BadBody(f"The body {fault}.", reason="not_utf8") from None


def field_name(path: str, key: str) -> str:
    """The name of a field as a form would spell it: `email`, `request_data[First name]`."""
    return f"{path}[{key}]" if path else key


def refuse_field(name: str, reason: str, fault: str) -> BadBody:
    """A refusal that names the field, in a form that is safe to print, to log and to encode."""
    shown = "".join(character if character.isprintable() else "\ufffd" for character in name[:100])
    if LIKE_A_VALUE.search(shown):
        shown = "(not shown)"
    return BadBody(f"The field '{shown}' {fault}.", field=shown, reason=reason)


def check_limits(document: Document) -> Document:
    """Hold a document to the limits on depth, on the number of keys and on every text and number in it."""
    if _count_keys(document, "", 1) > MAX_KEYS:
        raise too_many_keys()
    return document


def check_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Hold the inputs of a form to the same limits; several of them may have one name."""
    if len(pairs) > MAX_KEYS:
        raise too_many_keys()
    for name, value in pairs:
        check_limits({name: value})


def too_many_keys() -> BadBody:
    return BadBody(f"The body has more than {MAX_KEYS} fields.", reason="too_many_keys")


def _count_keys(fields: dict[str, Value], path: str, depth: int) -> int:
    """Count the keys in an object and below it, checking what they hold on the way.

    Names are put together only for a refusal or a descent, since this runs for every field of every request.
    """
    keys = len(fields)
    for key, value in fields.items():
        if fault := text_fault(key):
            raise refuse_field(field_name(path, key), fault, f"has a name that {TEXT_FAULTS[fault]}")
        if type(value) is str:
            if fault := text_fault(value):
                raise refuse_field(field_name(path, key), fault, TEXT_FAULTS[fault])
        elif value is not None:
            keys += _check_value(value, field_name(path, key), depth)
    return keys


def _check_value(value: Value, name: str, depth: int) -> int:
    if isinstance(value, dict):
        return _count_keys(value, name, _deeper(depth, name))
    if isinstance(value, list):
        below = _deeper(depth, name)
        return sum(_check_value(item, name, below) for item in value)
    if isinstance(value, str):
        if fault := text_fault(value):
            raise refuse_field(name, fault, TEXT_FAULTS[fault])
    elif isinstance(value, float) and not isfinite(value):
        raise refuse_field(name, "number_out_of_range", "holds a number that cannot be kept")
    return 0


def _deeper(depth: int, name: str) -> int:
    if depth >= MAX_DEPTH:
        raise refuse_field(name, "too_deep", f"is nested more than {MAX_DEPTH} levels deep")
    return depth + 1


def text_fault(text: str) -> str | None:
    """The reason to refuse a text, if there is one."""
    if "\0" in text:
        return "nul"
    if text.isascii():
        return "too_long" if len(text) > MAX_TEXT_BYTES else None
    try:
        return "too_long" if len(text.encode()) > MAX_TEXT_BYTES else None
    except UnicodeEncodeError:
        return "lone_surrogate"
