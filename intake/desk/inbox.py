"""The inbox of a machine without providers: what the local sinks caught, as their recipients would see it."""

import heapq
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import lru_cache
from pathlib import Path

from litestar import Response, Router, get
from litestar.params import FromPath

from intake.page import page
from models.settings import settings

MOST_SHOWN = 100
LONGEST_FILE = 5_000_000
# The only names that are opened; nothing in them can lead out of the folder.
_NAME = re.compile(r"([0-9]{10,25})-[0-9a-f]{1,32}(\.eml|\.sms\.json)")


@dataclass(frozen=True)
class Caught:
    """One message as the page shows it; `channel` is Email or SMS, `detail` are the lines above its body."""

    name: str
    channel: str
    sender: str
    to: str
    subject: str
    at: datetime
    detail: tuple[tuple[str, str], ...]
    text: str
    html: str


def newest(folder: Path, most: int = MOST_SHOWN) -> list[Caught]:
    """The last messages, newest first; a file that cannot be read is passed over."""
    found = (read(folder, name) for name in heapq.nlargest(most, _names(folder)))
    return [message for message in found if message is not None]


def read(folder: Path, name: str) -> Caught | None:
    """One message, or None where there is none of that name."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    return _read(folder / name, match.group(1), is_sms=match.group(2) != ".eml")


@lru_cache(maxsize=2 * MOST_SHOWN)
def _read(path: Path, nanoseconds: str, *, is_sms: bool) -> Caught | None:
    """Files never change once they have their name, so each is parsed once."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_FILE)
        at = datetime.fromtimestamp(int(nanoseconds) // 1_000_000_000, UTC)
        return _sms(path.name, at, content) if is_sms else _mail(path.name, at, content)
    except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError):
        # The standard parser has more than one way to fail on a mail that somebody made to fail it.
        return None


def _names(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry.name for entry in entries if _NAME.fullmatch(entry.name))
    except OSError:
        return


def _mail(name: str, at: datetime, content: bytes) -> Caught:
    mail = BytesParser(policy=policy.default).parsebytes(content)
    shown = (
        "From",
        "To",
        "Reply-To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Envelope-From",
        "X-Envelope-To",
    )
    return Caught(
        name=name,
        channel="Email",
        sender=_header(mail, "From"),
        to=_header(mail, "X-Envelope-To").strip("<>") or _header(mail, "To"),
        subject=_header(mail, "Subject") or "(no subject)",
        at=at,
        detail=tuple((label, _header(mail, label)) for label in shown if mail[label] is not None),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
    )


def _header(mail: EmailMessage, name: str) -> str:
    return str(mail[name] or "")


def _body(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        return ""


def _sms(name: str, at: datetime, content: bytes) -> Caught:
    fields = json.loads(content)
    if not isinstance(fields, dict):
        raise TypeError("not a kept text message")
    sender = str(fields.get("from") or fields.get("messaging_service_sid") or "")
    to, body = str(fields.get("to", "")), str(fields.get("body", ""))
    detail = (("From", sender), ("To", to), ("Segments", str(fields.get("num_segments", ""))))
    return Caught(name, "SMS", sender, to, body, at, detail, body, "")


def _page(view: str, *, status: int = 200, **facts: object) -> Response[str]:
    """The page, which may run its own script and nothing else, and load nothing from anywhere."""
    nonce = secrets.token_urlsafe(16)
    rules = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; connect-src 'self'; "
        f"script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page("inbox.html", status, {"Content-Security-Policy": rules}, view=view, nonce=nonce, **facts)


@get("/", sync_to_thread=True, include_in_schema=False)
def show_inbox() -> Response[str]:
    folder = settings().inbox_dir
    if folder is None:
        return _page("off", status=404)
    return _page("list", messages=newest(folder), most=MOST_SHOWN)


@get("/{name:str}", sync_to_thread=True, include_in_schema=False)
def show_message(name: FromPath[str]) -> Response[str]:
    folder = settings().inbox_dir
    if folder is None:
        return _page("off", status=404)
    message = read(folder, name)
    if message is None:
        return _page("missing", status=404)
    return _page("message", message=message)


router = Router(path="/inbox", route_handlers=[show_inbox, show_message])
