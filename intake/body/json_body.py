"""JSON bodies, more strictly than RFC 8259 asks for: one meaning for every reader, or a refusal."""

import json
from collections import Counter
from math import inf

from intake.body.document import BadBody, Document, Value, check_limits, decode, refuse_field

MAX_DIGITS = 18
BOM = "\ufeff"


def parse_json(body: bytes) -> Document:
    """Read a JSON object; one byte order mark in front of it is passed over."""
    text = decode(body).removeprefix(BOM)
    if not text.strip():
        raise BadBody("The body is empty; a JSON object was expected.", reason="empty_body")
    try:
        document = DECODER.decode(text)
    except json.JSONDecodeError as exc:
        message = f"The body is not valid JSON: see line {exc.lineno}, column {exc.colno}."
        raise BadBody(message, reason="malformed_json") from None
    except RecursionError:
        raise BadBody("The body is nested too deep.", reason="too_deep") from None
    if not isinstance(document, dict):
        raise BadBody("The body must be a JSON object.", reason="not_an_object")
    return check_limits(document)


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    """Readers disagree on which of two equal keys counts, so neither does."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        repeated = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise refuse_field(repeated, "repeated_key", "is given more than once")
    return fields


def _integer(digits: str) -> int | float:
    """Give an integer that cannot be kept as infinity, so that the check on limits can name its field.

    `-0` is one of them: an integer has no negative zero.
    """
    return int(digits) if len(digits.lstrip("-")) <= MAX_DIGITS and digits != "-0" else inf


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer)
