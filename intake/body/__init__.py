"""Turns JSON, URL-encoded and multipart bodies into the same ordered document, for all doors."""

from intake.body.document import BadBody, Document, Value
from intake.body.form_body import parse_form
from intake.body.json_body import parse_json
from intake.body.media_type import parse_media_type, require_identity
from intake.body.multipart_body import parse_multipart
from intake.body.read import read_body

__all__ = ["BadBody", "Document", "Value", "parse_body", "read_body"]


def parse_body(content_type: str | None, content_encoding: str | None, body: bytes) -> Document:
    """Parse a whole body by its headers; whatever is wrong with it is a BadBody with status 400 or 415."""
    require_identity(content_encoding)
    media_type = parse_media_type(content_type or "")
    if media_type.kind == "json":
        return parse_json(body)
    if media_type.kind == "form":
        return parse_form(body)
    return parse_multipart(media_type.boundary, body)
