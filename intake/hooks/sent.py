"""A request as its sender signed it, and the fact that it was not."""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.errors import Refusal

TOLERANCE_SECONDS = 300
# Only canonical digits: no sign, blank, fraction, exponent or underscore.
DIGITS = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)


class Unverified(Refusal):
    """Nobody who shares the secret sent it, or not now. One answer, so that nobody learns which."""

    reason = "unverified"

    def __init__(self, message: str = "the signature or the credentials are not valid") -> None:
        super().__init__(message)


class BadDelivery(Refusal):
    """Its sender may be who it says, but names the delivery in a way that cannot be kept."""

    reason = "bad_delivery"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """`headers` has every value of each name in lower case; `now` is our clock, in seconds since 1970."""

    method: str
    url: str
    headers: Mapping[str, Sequence[str]] = field(repr=False)
    body: bytes = field(repr=False)
    now: float

    def header(self, name: str) -> str:
        """The one value of a header. Raises `Unverified` where there is none, or more than one."""
        values = self.headers.get(name.lower(), ())
        if len(values) != 1 or not values[0].isascii():
            raise Unverified
        return values[0]

    @property
    def content_type(self) -> str:
        return next(iter(self.headers.get("content-type", ())), "")[:200].replace("\0", "")


def check_time(digits: str, now: float, unit: float = 1.0) -> None:
    """Refuse a timestamp outside five minutes of our clock; `unit` is its length in seconds.

    Raises `Unverified`.
    """
    if not DIGITS.fullmatch(digits) or abs(int(digits) * unit - now) > TOLERANCE_SECONDS:
        raise Unverified


def same(expected: str, given: str) -> bool:
    """Whether two texts are one, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(expected.encode(), given.encode(errors="backslashreplace"))
