"""Multipart bodies (RFC 7578), by the `multipart` package's parser."""

import re
from collections.abc import Iterator

from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser

from intake.body.document import BadBody, Document, check_limits, decode, refuse_field
from intake.body.form_body import add_field
from intake.body.media_type import CHARSETS

MAX_PARTS = 64
MAX_PART_HEADERS = 8
MAX_PART_HEADER_BYTES = 4096

# RFC 2046, 5.1.1: at most 70 characters, and no space at the end.
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]", re.ASCII)
QUOTED = re.compile(r'"[^"]*"')


def parse_multipart(boundary: str, body: bytes) -> Document:
    """Read multipart/form-data; files are passed over, and so is what follows the last boundary."""
    document: Document = {}
    for name, value in multipart_pairs(boundary, body):
        add_field(document, name, value)
    return check_limits(document)


def multipart_pairs(boundary: str, body: bytes) -> Iterator[tuple[str, str]]:
    """The names and values as they were sent, without the files."""
    if not BOUNDARY.fullmatch(boundary):
        raise BadBody("The multipart boundary is missing or not valid.", reason="bad_boundary")
    for part, content in _parts(boundary, body) if body else ():
        if not _is_file(part):
            yield part.name or "", _text(part, content)


def _parts(boundary: str, body: bytes) -> Iterator[tuple[MultipartSegment, bytes]]:
    parser = PushMultipartParser(
        boundary,
        max_header_size=MAX_PART_HEADER_BYTES,
        max_header_count=MAX_PART_HEADERS,
        max_segment_count=MAX_PARTS,
        strict=True,
    )
    try:
        yield from _events(parser, body)
        parser.close()
    except ParserLimitReached:
        message = (
            f"The multipart body has more than {MAX_PARTS} parts, or a part whose headers are too large."
        )
        raise BadBody(message, reason="multipart_limit") from None
    except MultipartError:
        raise BadBody("The multipart body is malformed or cut short.", reason="malformed_multipart") from None


def _events(parser: PushMultipartParser, body: bytes) -> Iterator[tuple[MultipartSegment, bytes]]:
    """Gather the parser's events (a head, pieces of content, an end) into whole parts."""
    pieces: list[bytes] = []
    part: MultipartSegment | None = None
    for event in parser.parse(body):
        if isinstance(event, MultipartSegment):
            part, pieces = event, []
        elif event is not None:
            pieces.append(bytes(event))
        elif part is not None:
            yield part, b"".join(pieces)


def _is_file(part: MultipartSegment) -> bool:
    """An empty file name is what a browser sends for a file input that was left empty: a field without text.

    `filename*` is not allowed here (RFC 7578, 4.2), but widespread clients send it for names beyond ASCII.
    """
    if part.filename is not None:
        return bool(part.filename)
    disposition: str = part.header("Content-Disposition", "")
    return "*" in disposition and "filename*" in QUOTED.sub("", disposition).lower()


def _text(part: MultipartSegment, content: bytes) -> str:
    if part.charset is not None and part.charset.lower() not in CHARSETS:
        raise refuse_field(part.name or "", "unsupported_charset", "is not encoded in UTF-8")
    return decode(content, part.name)
