"""Reads the body of a webhook: JSON, a form or multipart, as partners happen to write them.

It is more patient than the doors that callers program against. What a partner sent is signed and kept
already, and nobody there reads a refusal: an equal key twice means its last value, as in every
sender's own language, and a character that cannot be kept falls away.
"""

import json
from io import BytesIO
from typing import TypeAlias

from multipart import MultipartError, parse_form_data

from models.errors import Refusal

Payload: TypeAlias = "str | int | float | bool | dict[str, Payload] | list[Payload] | None"

MAX_DEPTH = 40
MAX_VALUES = 20_000
MAX_FIELDS = 1000
MAX_BYTES = 1_048_576
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

# An item that was cut out of a batch, and is kept as if it had come alone.
ITEM = "application/vnd.lead-intake.item+json"


class Unreadable(Refusal):
    """The body is no document; the message says why without repeating any of it."""

    reason = "unreadable"


def read_payload(content_type: str, body: bytes) -> Payload:
    """The document in a body. Raises `Unreadable`."""
    essence = content_type.partition(";")[0].strip().lower()
    return _form(content_type, body) if essence in FORMS else _json(body)


def _json(body: bytes) -> Payload:
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_int=_integer, parse_constant=_nothing)
        return _cleaned(document, _Allowance())
    except UnicodeDecodeError:
        raise Unreadable("the body is not valid UTF-8") from None
    except json.JSONDecodeError as exc:
        message = f"the body is not valid JSON: see line {exc.lineno}, column {exc.colno}"
        raise Unreadable(message) from None
    except RecursionError:
        raise Unreadable("the body is nested too deep") from None


def _form(content_type: str, body: bytes) -> Payload:
    """Fields by name; a name that is given more than once holds a list, a file nothing."""
    environment = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": len(body), "wsgi.input": BytesIO(body)}
    try:
        fields, files = parse_form_data(
            environment, strict=True, part_limit=MAX_FIELDS, memory_limit=MAX_BYTES, buffer_size=MAX_BYTES
        )
    except (MultipartError, UnicodeDecodeError, LookupError):  # the last of a charset that there is not
        raise Unreadable("the form is malformed or cut short") from None
    for _, part in files.iterallitems():
        part.close()
    document: dict[str, Payload] = {}
    for name in fields:
        values: list[Payload] = [_text(value) for value in fields.getall(name)]
        document[_text(name)] = values[0] if len(values) == 1 else values
    return document


class _Allowance:
    """How many values a document may still hold."""

    def __init__(self) -> None:
        self.values = MAX_VALUES

    def take(self) -> None:
        self.values -= 1
        if self.values < 0:
            message = f"the body holds more than {MAX_VALUES} values"
            raise Unreadable(message)


def _cleaned(value: Payload, allowance: _Allowance, depth: int = 0) -> Payload:
    """The value with nothing in it that PostgreSQL could not keep. Raises `Unreadable`."""
    allowance.take()
    if depth > MAX_DEPTH:
        message = f"the body is nested more than {MAX_DEPTH} levels deep"
        raise Unreadable(message)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(key): _cleaned(below, allowance, depth + 1) for key, below in value.items()}
    if isinstance(value, list):
        return [_cleaned(below, allowance, depth + 1) for below in value]
    return value


def _text(text: str) -> str:
    """The text without NUL, and with a mark in place of half a surrogate pair."""
    text = text.replace("\0", "")
    return text if text.isascii() else text.encode(errors="replace").decode()


def _integer(digits: str) -> int | str:
    """Ids of any length stay what they are; those beyond 18 digits are kept as text."""
    return int(digits) if len(digits) <= 18 else digits


def _nothing(_: str) -> None:
    """NaN and Infinity are no JSON, and no number that anybody meant."""
