"""Reads the fields of a document: text, switches and lists in the spellings that callers use."""

import json
from collections.abc import Iterable

from intake.body import Document, Value
from models.errors import Invalid, Missing

YES = {"true", "1", "yes", "on"}
NO = {"false", "0", "no", "off", ""}
SCALARS = (str, int, float)


def text_of(document: Document, name: str, limit: int) -> str:
    """A text without blanks around it; a number is taken as its digits. Raises `Invalid`."""
    value = document.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, SCALARS):
        raise Invalid(f"{name} must be a string", name)
    text = str(value).strip()
    if len(text) > limit:
        raise Invalid(f"{name} is too long (at most {limit} characters)", name)
    return text


def required(document: Document, name: str, limit: int) -> str:
    """A text that must be there and not be blank. Raises `Missing` or `Invalid`."""
    text = text_of(document, name, limit)
    if not text:
        raise Missing(f"Mandatory parameter {name} is missing", name)
    return text


def switch_of(document: Document, name: str, *, strict: bool = False) -> bool:
    """Yes or no. Unless strict, a text that says neither is a no: wire.md knows only the string "true"."""
    value = document.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    word = str(value).strip().lower() if isinstance(value, str | int) else None
    if word is None or (strict and word not in YES | NO):
        raise Invalid(f"{name} must be true or false", name)
    return word in YES


def words_of(document: Document, name: str, limit: int, most: int) -> tuple[str, ...]:
    """A list, sent as such or as one string with commas; blanks and repeats fall away."""
    value = document.get(name)
    if value is None:
        return ()
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise Invalid(f"{name} must be a comma-separated string or a list of strings", name)
    words = tuple(dict.fromkeys(word for item in items if (word := str(item).strip())))
    if len(words) > most or any(len(word) > limit for word in words):
        raise Invalid(f"{name} is too long (at most {most} of {limit} characters each)", name)
    return words


def labels_of(document: Document, name: str, limit: int) -> dict[str, str]:
    """Labels and what was written beside them, in order; what is nested below is kept as JSON text."""
    value = document.get(name)
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise Invalid(f"{name} must be an object of labels and values", name)
    labels = {label: written(content) for label, content in value.items()}
    if too_long(labels.items(), limit):
        raise Invalid(f"{name} holds a value that is too long (at most {limit} characters)", name)
    return labels


def written(content: Value) -> str:
    if isinstance(content, str):
        return content
    return "" if content is None else json.dumps(content, ensure_ascii=False)


def too_long(items: Iterable[tuple[str, str]], limit: int) -> bool:
    return any(len(label) > limit or len(content) > limit for label, content in items)
