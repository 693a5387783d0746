"""Builds an e-mail's bytes, and decides who must never get an automatic one."""

import base64
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType

from workers.mail_body import Invitation, content_type, mail_body

LONGEST_LINE = 998  # RFC 5322 sec. 2.1.1, without its CRLF
LONGEST_ADDRESS = 254  # RFC 5321 sec. 4.5.3.1.3
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

_ENCODED_WORD_MARKS = re.compile(r"=\?|\?=")
# Besides the controls: soft hyphen, line and paragraph separators, bidirectional overrides, zero-width and
# byte-order marks, lone surrogates. None belongs in a header, and several let one text pose as another.
_UNWANTED = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_ADDRESS = re.compile(
    r'([^\x00-\x20\x7f-\xa0\s"(),:;<>@\[\\\]]{1,64})@([^\x00-\x20\x7f-\xa0\s"(),:;<>@\[\\\]]{1,253})'
)
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_PRINTABLE_ASCII = re.compile(r"[ -~]{1,900}")
_TAKEN = frozenset(
    {"from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type", "cc", "bcc"}
)
_LINE_BREAK = re.compile(rb"\r\n|\r|\n")


class BadAddress(ValueError):  # noqa: N818 - a fact about the address
    """Not one plain address. The text never holds the address itself, so that it can be logged."""


class HeaderMismatch(RuntimeError):  # noqa: N818 - a programming error that names itself
    """A built message would carry other header fields than it was given."""


@dataclass(frozen=True)
class Mail:
    """One message to one recipient as SMTP takes it; an empty `return_path` is the null path `<>`."""

    return_path: str
    recipient: str
    content: bytes


def build_mail(  # noqa: PLR0913 - a message has that many parts, and each is named
    *,
    sender: str,
    sender_name: str,
    recipient: str,
    return_path: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    date: datetime,
    reply_to: str | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
    invitation: Invitation | None = None,
) -> Mail:
    """A text and an HTML version as multipart/alternative, and an invitation beside them, if there is one.

    Raises BadAddress where an address is not exactly one. A `reply_to` that is not is left out: it is the
    lead's own word, and the message matters more. `headers` are our own, and must be printable ASCII.
    """
    to = one_address(recipient)
    fields = {
        "From": f"{_phrase(sender_name)}<{_ascii_address(sender)}>",
        "To": f"<{to}>",
        "Subject": _encoded(clean_header(subject)),
        "Date": format_datetime(date.astimezone(UTC)),
        "Message-ID": _checked("Message-ID", message_id),
        **_answer_to(reply_to),
        **_more(headers),
        "MIME-Version": "1.0",
        "Content-Type": content_type(invitation),
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    _same_headers(block, [*fields])
    content = block + b"\r\n" + mail_body(text, html, invitation)
    return Mail(one_address(return_path) if return_path else "", to, content)


def clean_header(text: str, limit: int = 200) -> str:
    """Lead text made fit for a header: one line of at most `limit` characters, nothing in it to decode.

    Decoders have turned an encoded word's inside into new header lines (CVE-2024-6923, CVE-2026-1299).
    """
    line = _UNWANTED.sub(" ", text[: limit * 8])
    return " ".join(_ENCODED_WORD_MARKS.sub(" ", line).split())[:limit].strip()


def one_address(text: str) -> str:
    """The address with its domain in ASCII (IDNA), or BadAddress; display names and lists are refused."""
    match = _ADDRESS.fullmatch(text)
    if match is None or "=?" in text or len(text) > LONGEST_ADDRESS:
        raise BadAddress("not one plain e-mail address")
    local, domain = match.groups()
    if local.startswith("-") or _UNWANTED.search(text):
        raise BadAddress("characters that an e-mail address must not hold")
    return f"{local}@{domain if domain.isascii() else _idna(domain)}"


def _idna(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError as exc:
        raise BadAddress("a domain that cannot be written in ASCII") from exc


def _ascii_address(text: str) -> str:
    address = one_address(text)
    if not address.isascii():
        raise BadAddress("a sender whose address needs SMTPUTF8")
    return address


def _answer_to(reply_to: str | None) -> dict[str, str]:
    """A Reply-To that would need SMTPUTF8 is left out too: it would make the owner's own server refuse."""
    try:
        return {"Reply-To": f"<{_ascii_address(reply_to)}>"} if reply_to else {}
    except BadAddress:
        return {}


def _more(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if name.lower() in _TAKEN or _checked(name, value) != value:
            raise HeaderMismatch(f"{clean_header(name, 70)} is set by build_mail itself")
    return dict(headers)


def _checked(name: str, value: str) -> str:
    if not _HEADER_NAME.fullmatch(name) or not _PRINTABLE_ASCII.fullmatch(value) or "=?" in value:
        raise HeaderMismatch(f"not a header of ours: {clean_header(name, 70)}")
    return value


def _phrase(name: str) -> str:
    """A display name, quoted or encoded, with the space that follows it; nothing when there is no name."""
    name = clean_header(name, 100)
    if not name:
        return ""
    if not name.isascii():
        return f"{_encoded(name)} "
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" '


def _encoded(text: str) -> str:
    """RFC 2047 encoded words of at most 75 characters each, or the text itself when it is ASCII."""
    if text.isascii():
        return text
    words, word = [], b""
    for character in text:
        octets = character.encode()
        if len(word) + len(octets) > 45:
            words.append(word)
            word = b""
        word += octets
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(w).decode()}?=" for w in [*words, word])


def _same_headers(block: bytes, expected: list[str]) -> None:
    """Read the header block again, as the most lenient server would, and compare."""
    lines = _LINE_BREAK.split(block.removesuffix(b"\r\n"))
    names = [line.partition(b":")[0].decode() for line in lines if line[:1] not in (b" ", b"\t")]
    if names != expected or len({name.lower() for name in names}) != len(names):
        raise HeaderMismatch("the header block holds other fields than it was given")
    if any(len(line) > LONGEST_LINE for line in lines) or block.count(b"\r\n") != len(lines):
        raise HeaderMismatch("a header line that is too long or badly ended")


_ROLES = frozenset(
    {"mailer-daemon", "postmaster", "hostmaster", "abuse", "root", "majordomo", "listserv", "daemon"}
)
_NOBODY_READS = re.compile(r"(?:no|do[-_.]?not)[-_.]?reply")
_LIST = re.compile(r"owner-.*|.*-(?:request|owner|subscribe|unsubscribe|confirm)")
_BOUNCES = re.compile(r"bounces?(?:[-+=_.].*)?|.*[-+]bounces?(?:[-+=].*)?|prvs=.*|srs[01][=+-].*|msprvs1=.*")


def is_answerable(address: str, own: Collection[str]) -> str | None:
    """The reason why no automatic answer may go there (RFC 3834 sec. 2), or None where it may.

    `own` holds our own addresses: two services that answer each other would never stop.
    """
    local, separator, _domain = address.strip().lower().rpartition("@")
    if not separator or not local:
        return "null address"
    if _untagged(address) in {_untagged(one) for one in own}:
        return "own address"
    if _BOUNCES.fullmatch(local):
        return "bounce address"
    plain = local.partition("+")[0]
    if plain in _ROLES:
        return "role address"
    if _NOBODY_READS.match(plain):
        return "no-reply address"
    return "list address" if _LIST.fullmatch(plain) else None


def _untagged(address: str) -> str:
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
