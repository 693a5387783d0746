"""What an expression of a mapping may call beside JMESPath's own functions."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from jmespath import functions

from models.identifiers import phone_e164
from models.mapping import names
from models.mapping.labels import numbered
from models.mapping.payload import Payload, Unreadable, read_payload

NOTHING = {"types": ["null", "string", "number", "boolean"]}
TEXT = {"types": ["string"]}
OBJECT = {"types": ["object", "null"]}
LIST = {"types": ["array", "null"]}
EXPRESSION = {"types": ["expref"]}

Expref = Any
F = TypeVar("F", bound=Callable[..., Payload])


def takes(*arguments: dict[str, list[str]]) -> Callable[[F], F]:
    """The mark that jmespath knows its functions by, which has no types."""
    marked: Callable[[F], F] = functions.signature(*arguments)
    return marked


class Functions(functions.Functions):  # type: ignore[misc]  # jmespath has no types
    """Each takes null, and then gives null: what was not sent is no fault."""

    @takes(NOTHING)
    def _func_lower(self, text: Payload) -> Payload:
        return _on_text(text, str.lower)

    @takes(NOTHING)
    def _func_upper(self, text: Payload) -> Payload:
        return _on_text(text, str.upper)

    @takes(NOTHING)
    def _func_trim(self, text: Payload) -> Payload:
        return _on_text(text, str.strip)

    @takes(NOTHING)
    def _func_first_name(self, text: Payload) -> Payload:
        return _on_text(text, lambda name: split_name(name)[0])

    @takes(NOTHING)
    def _func_last_name(self, text: Payload) -> Payload:
        return _on_text(text, lambda name: split_name(name)[1])

    @takes(NOTHING, TEXT)
    def _func_e164(self, text: Payload, country: str) -> Payload:
        """The number as it is dialled in a country, or as typed where it cannot be read."""
        return _on_text(text, lambda typed: phone_e164(typed, country.upper()) or typed)

    @takes(NOTHING)
    def _func_date(self, value: Payload) -> Payload:
        """A date in ISO 8601, from that or from seconds or milliseconds since 1970."""
        return _on_text(value, iso_date)

    @takes({"types": ["array", "null", "string", "number", "boolean", "object"]})
    def _func_first(self, value: Payload) -> Payload:
        if isinstance(value, list):
            return value[0] if value else None
        return value

    @takes(NOTHING)
    def _func_json(self, text: Payload) -> Payload:
        """The document in a text. Raises `Unreadable`, which fails the attribute."""
        return read_payload("", text.encode()) if isinstance(text, str) and text.strip() else None

    @takes(LIST, EXPRESSION, EXPRESSION)
    def _func_pairs(self, items: list[Payload] | None, label: Expref, value: Expref) -> Payload:
        """An object of labels and values, out of a list that holds one of each in every item."""
        pairs = (
            (label.visit(label.expression, item), value.visit(value.expression, item)) for item in items or ()
        )
        return numbered(
            (str(name), content) for name, content in pairs if name not in (None, "") and content is not None
        )

    @takes(OBJECT, OBJECT)
    def _func_rename(self, fields: names.Fields | None, titles: names.Fields | None) -> Payload:
        """An object with the names that another object has for its keys."""
        known = titles or {}
        return numbered((str(known.get(name) or name), value) for name, value in (fields or {}).items())

    @takes(OBJECT, OBJECT)
    def _func_beside(self, fields: names.Fields | None, others: names.Fields | None) -> Payload:
        """The fields of both objects, also those that are called the same."""
        return numbered((*(fields or {}).items(), *(others or {}).items()))

    @takes(OBJECT, TEXT)
    def _func_member(self, fields: names.Fields | None, name: str) -> Payload:
        """The value under a name that is itself the outcome of an expression."""
        return (fields or {}).get(name)

    @takes(OBJECT, {"types": ["array-string"]})
    def _func_without(self, fields: names.Fields | None, unwanted: list[str]) -> Payload:
        return {name: value for name, value in (fields or {}).items() if name not in unwanted}

    @takes(OBJECT, TEXT)
    def _func_starting(self, fields: names.Fields | None, prefix: str) -> Payload:
        """The fields whose names begin so."""
        return {name: value for name, value in (fields or {}).items() if name.startswith(prefix)}

    @takes(OBJECT, TEXT)
    def _func_ending(self, fields: names.Fields | None, suffix: str) -> Payload:
        """The first value whose name ends so."""
        return next((value for name, value in (fields or {}).items() if name.endswith(suffix)), None)

    @takes(OBJECT, TEXT)
    def _func_pick(self, fields: names.Fields | None, attribute: str) -> Payload:
        """The value whose name means an attribute, by the table of names."""
        return names.pick(fields or {}, attribute)


def _on_text(value: Payload, change: Callable[[str], str]) -> Payload:
    return None if value is None else change(written(value))


def split_name(name: str) -> tuple[str, str]:
    """The last word is the family name, where there are two or more."""
    first, _, last = name.strip().rpartition(" ")
    return (first.strip(), last) if first else (last, "")


def iso_date(text: str) -> str:
    """Raises `Unreadable` for what is no date."""
    try:
        if text.isascii() and text.isdigit():
            seconds = int(text) / (1000 if len(text) > 11 else 1)
            return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
        return datetime.fromisoformat(text.strip()).isoformat()
    except (ValueError, OverflowError, OSError):
        raise Unreadable("not a date") from None


def written(value: Payload) -> str:
    """A value as people read it: lists and the parts of a name or an address side by side."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(filter(None, map(_inside, value)))
    if isinstance(value, dict):
        return " ".join(filter(None, map(_inside, value.values())))
    return str(value).strip()


def _inside(value: Payload) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else written(value)
