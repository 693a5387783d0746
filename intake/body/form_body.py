"""URL-encoded bodies, and the names of form fields."""

import re
from binascii import a2b_qp
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from intake.body.document import (
    MAX_KEYS,
    MAX_TEXT_BYTES,
    BadBody,
    Document,
    check_limits,
    decode,
    refuse_field,
    too_many_keys,
)

PAIRS = re.compile(rb"(?:[^&=\r\n]++=[^&=\r\n]*+&)*+[^&=\r\n]++=[^&=\r\n]*+")
# What parts names and values becomes what no plain body holds.
QUOTED_PRINTABLE = bytes.maketrans(b"&=+%", b"\0\0 =")


def parse_form(body: bytes) -> Document:
    """Read application/x-www-form-urlencoded. The order of the fields is kept."""
    document: Document = {}
    for name, value in form_pairs(body):
        add_field(document, name, value)
    return document if is_plain(body) else check_limits(document)


def is_plain(body: bytes) -> bool:
    """Whether a form is within the limits by its bytes alone, once its pairs were read.

    There are no more of them than may be, strict UTF-8 has no half of a pair, and brackets nest one level.
    """
    return len(body) <= MAX_TEXT_BYTES and b"\0" not in body and b"%00" not in body


def form_pairs(body: bytes) -> Iterable[tuple[str, str]]:
    """The names and values as they were sent, by the WHATWG URL standard, 5.1, but in strict UTF-8.

    A percent sign without two hex digits stands for itself.
    """
    if body.count(b"&") >= MAX_KEYS:
        raise too_many_keys()
    if is_plain(body):
        with suppress(UnicodeDecodeError):
            return pairs_at_once(body)
    return pairs_one_by_one(body)


def pairs_at_once(body: bytes) -> Iterable[tuple[str, str]]:
    """The pairs of a plain body: in one go where each has its equals sign, and each percent sign two digits.

    Quoted-printable (RFC 2045, 6.7) writes bytes as a form does, with another sign, and the standard
    library reads it in C.
    """
    if PAIRS.fullmatch(body):
        decoded = a2b_qp(body.translate(QUOTED_PRINTABLE))
        # What stood for no byte has not shrunk from three characters to one.
        if len(decoded) == len(body) - 2 * body.count(b"%"):
            texts = decoded.decode().split("\0")
            return zip(texts[::2], texts[1::2], strict=True)
    return pairs_one_by_one(body)


def pairs_one_by_one(body: bytes) -> Iterator[tuple[str, str]]:
    """The pairs of any body, naming the input at fault where one is."""
    for pair in body.replace(b"+", b" ").split(b"&"):
        if pair:
            encoded, _, value = pair.partition(b"=")
            name = decode(unquote_to_bytes(encoded))
            yield name, decode(unquote_to_bytes(value), name)


def add_field(document: Document, name: str, value: str) -> None:
    """Add one field: `a=v` is a text, `a[label]=v` an entry of an object, `a[]=v` an item of a list.

    There is one level. A label is all that stands between the first bracket and the last, brackets too, as it
    may be the text that a visitor saw: `a[b][c]` is the label `b][c` of `a`.
    """
    if name[-1:] == "]" and (bracket := name.find("[")) > 0:
        _add_nested(document, name, name[:bracket], name[bracket + 1 : -1], value)
    elif name in document:
        raise _clash(name, repeated=isinstance(document[name], str))
    else:
        document[name] = value


def _add_nested(document: Document, name: str, outer: str, label: str, value: str) -> None:
    held = document.setdefault(outer, {} if label else [])
    if label and isinstance(held, dict):
        if label in held:
            raise _clash(name, repeated=True)
        held[label] = value
    elif not label and isinstance(held, list):
        held.append(value)
    else:
        raise _clash(outer, repeated=False)


def _clash(name: str, *, repeated: bool) -> BadBody:
    if repeated:
        return refuse_field(name, "repeated_key", "is given more than once")
    return refuse_field(
        name, "conflicting_key", "is given both plain and with brackets, or with two kinds of them"
    )
