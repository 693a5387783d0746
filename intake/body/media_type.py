"""Which bodies are read at all: an allow-list of media types, and UTF-8 alone."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from intake.body.document import BadBody

Kind = Literal["json", "form", "multipart"]

KINDS: dict[str, Kind] = {
    "application/json": "json",
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
}
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


@dataclass(frozen=True, slots=True)
class MediaType:
    kind: Kind
    boundary: str = ""


@lru_cache(maxsize=64)
def parse_media_type(content_type: str) -> MediaType:
    """Read a Content-Type header (RFC 9110, 8.3); 415 for a type or a charset that is not served.

    `text/plain` is refused on purpose: a page of another site may send it without a CORS preflight.
    """
    essence, _, options = content_type.partition(";")
    kind = _kind(essence.strip().lower())
    if kind is None:
        message = (
            "Send the body as application/json, application/x-www-form-urlencoded or multipart/form-data."
        )
        raise BadBody(message, status=415, reason="unsupported_type")
    parameters = _parameters(options) if options else {}
    if parameters.get("charset", "utf-8").lower() not in CHARSETS:
        raise BadBody("The body must be encoded in UTF-8.", status=415, reason="unsupported_charset")
    return MediaType(kind, parameters.get("boundary", ""))


def require_identity(content_encoding: str | None) -> None:
    """Refuse compressed bodies: a few bytes of them could become gigabytes."""
    if content_encoding and content_encoding.strip().lower() not in {"", "identity"}:
        message = "Send the body without a Content-Encoding."
        raise BadBody(message, status=415, reason="unsupported_encoding")


def _kind(essence: str) -> Kind | None:
    if essence.startswith("application/") and essence.endswith("+json"):
        return "json"
    return KINDS.get(essence)


def _parameters(options: str) -> dict[str, str]:
    """Read the parameters; one that is given twice is refused, since readers disagree on which counts."""
    parameters: dict[str, str] = {}
    for option in options.split(";"):
        name, _, value = option.partition("=")
        name = name.strip().lower()
        if name in parameters and name:
            message = "The Content-Type header repeats a parameter."
            raise BadBody(message, status=415, reason="unsupported_type")
        parameters[name] = _unquoted(value.strip())
    return parameters


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
