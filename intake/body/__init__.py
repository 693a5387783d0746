"""Turns JSON, URL-encoded and multipart bodies into the same ordered document, for all doors."""

import json

from intake.body.document import BadBody, Document, Value, check_pairs
from intake.body.form_body import form_pairs, is_plain, parse_form
from intake.body.json_body import parse_json
from intake.body.media_type import parse_media_type, require_identity
from intake.body.multipart_body import multipart_pairs, parse_multipart
from intake.body.read import read_body

__all__ = ["BadBody", "Document", "Value", "parse_body", "parse_pairs", "read_body"]


def parse_body(content_type: str | None, content_encoding: str | None, body: bytes) -> Document:
    """Parse a whole body by its headers; whatever is wrong with it is a BadBody with status 400 or 415."""
    require_identity(content_encoding)
    media_type = parse_media_type(content_type or "")
    if media_type.kind == "json":
        return parse_json(body)
    if media_type.kind == "form":
        return parse_form(body)
    return parse_multipart(media_type.boundary, body)


def parse_pairs(content_type: str | None, content_encoding: str | None, body: bytes) -> list[tuple[str, str]]:
    """The inputs of a form as they were sent, of which several may have one name. Raises `BadBody`.

    A browser sends a group of checkboxes so. Of a JSON object, each item of a list is an input.
    """
    require_identity(content_encoding)
    media_type = parse_media_type(content_type or "")
    if media_type.kind == "json":
        document = parse_json(body)
        return [(name, typed(one)) for name, held in document.items() for one in _items(held)]
    is_form = media_type.kind == "form"
    pairs = list(form_pairs(body) if is_form else multipart_pairs(media_type.boundary, body))
    if not (is_form and is_plain(body)):
        check_pairs(pairs)
    return pairs


def _items(held: Value) -> list[Value]:
    return held if isinstance(held, list) else [held]


def typed(value: Value) -> str:
    """A JSON value as somebody would have typed it; what is nested stays JSON."""
    if isinstance(value, str):
        return value
    if value is None or value is False:
        return ""
    return "yes" if value is True else json.dumps(value, ensure_ascii=False)
