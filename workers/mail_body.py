"""The body of an e-mail: a text and an HTML version, and for an appointment the event as a file."""

import base64
import binascii
import re
from dataclasses import dataclass

# Neither quoted-printable nor base64 can hold "=_" (RFC 2045 sec. 6.7), so no body ever holds a boundary.
ALTERNATIVE = "=_lead-intake_alternative"
MIXED = "=_lead-intake_mixed"

_BODY_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An iCalendar object; `method` is REQUEST or CANCEL, as it says itself (RFC 6047 sec. 2.4)."""

    method: str
    content: bytes


def content_type(invitation: Invitation | None) -> str:
    return _multipart("alternative", ALTERNATIVE) if invitation is None else _multipart("mixed", MIXED)


def mail_body(text: str, html: str, invitation: Invitation | None) -> bytes:
    """What follows the header block of which `content_type` is one field.

    An invitation stands in it twice: as a version of the text, which calendars act upon, and as a file,
    which every program shows.
    """
    versions = _part("plain", text) + _part("html", html)
    if invitation is None:
        return versions + _end(ALTERNATIVE)
    head = f"--{MIXED}\r\nContent-Type: {_multipart('alternative', ALTERNATIVE)}\r\n\r\n".encode()
    event = f'text/calendar; charset=utf-8; method={invitation.method}; name="invite.ics"'
    file = 'application/ics; name="invite.ics"\r\nContent-Disposition: attachment; filename="invite.ics"'
    inner = versions + _encoded(ALTERNATIVE, event, invitation.content) + _end(ALTERNATIVE)
    return head + inner + _encoded(MIXED, file, invitation.content) + _end(MIXED)


def _multipart(subtype: str, boundary: str) -> str:
    return f'multipart/{subtype}; boundary="{boundary}"'


def _end(boundary: str) -> bytes:
    return f"--{boundary}--\r\n".encode()


def _encoded(boundary: str, kind: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _part(subtype: str, text: str) -> bytes:
    lines = _BODY_CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    body = (lines.rstrip("\n") + "\n").replace("\n", "\r\n").encode("utf-8", "replace")
    # Base64 is shorter once more than about a sixth of the octets are not ASCII.
    if len(body) - len(lines) - lines.count("\n") > len(body) // 6:
        return _encoded(ALTERNATIVE, f"text/{subtype}; charset=utf-8", body)
    head = f"--{ALTERNATIVE}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
    head += "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    # The line end before a boundary belongs to the boundary (RFC 2046 sec. 5.1.1), so the text gets one more.
    return head.encode() + binascii.b2a_qp(body) + b"\r\n"
