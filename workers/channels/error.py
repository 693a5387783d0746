"""The one error of all channels: what a provider said, and what that means for the message."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_MESSAGE = 500
LONGEST_WAIT = 3600.0  # A provider may ask for more; the ledger's own back-off takes over from there.

_ATOM = r'[^\s<>()\[\],;:"@]'
# Each alternative begins where a word begins, which keeps the search linear on hostile answers.
_EMAIL = re.compile(rf'(?:"[^"\n]{{1,64}}"|(?<!{_ATOM}){_ATOM}*+)(?:@{_ATOM}++)+')
# "451 4.7.28" is a reply code and an enhanced status code (RFC 3463), not a telephone number.
_PHONE = re.compile(
    r"(?<![\d.])(?!\d{3}[ -][245]\.\d{1,3}\.\d{1,3}(?!\d))\+?\(?\d(?:[ ().\-/\u00a0]{0,2}\d){6,}"
)
_REDACTED = "<redacted>"


def provider_words(text: str) -> str:
    """A provider's words on one line, short, and without anything that looks like an address or a number."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:4000]).split())
    return _PHONE.sub(_REDACTED, _EMAIL.sub(_REDACTED, line))[:LONGEST_MESSAGE]


def asked_wait(retry_after: str) -> float | None:
    """The seconds of a Retry-After: a number or an HTTP-date (RFC 9110 sec. 10.2.3); else it is no word."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime.now(UTC)).total_seconds()


class ChannelError(Exception):
    """A message that a channel could not deliver.

    `permanent`: trying again cannot help. `unknown`: the provider may have accepted it. `code`: the
    provider's own. `retry_after`: seconds that the provider asked us to wait. `suppress`: the address is
    dead or opted out.
    """

    def __init__(  # noqa: PLR0913 - one fact each, all but two with a default
        self,
        message: str,
        *,
        permanent: bool,
        unknown: bool = False,
        code: str = "",
        retry_after: float | None = None,
        suppress: bool = False,
    ) -> None:
        self.message = provider_words(message)
        super().__init__(self.message)
        self.permanent = permanent
        self.unknown = unknown
        self.code = code[:32]
        self.retry_after = None if retry_after is None else min(max(retry_after, 0.0), LONGEST_WAIT)
        self.suppress = suppress
