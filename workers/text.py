"""Text messages: which characters, how many segments, and how to fit into them."""

import re
import unicodedata

GSM7 = "GSM-7"
UCS2 = "UCS-2"

# The default alphabet and its extension table, 3GPP TS 23.038 sec. 6.2.1; an extension costs two septets.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€")
_LIMITS = {GSM7: (160, 153), UCS2: (70, 67)}

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022", "-"),
        **dict.fromkeys("\t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u2028\u2029\x85", "\n"),
        "\u2026": "...",
        "\u2122": "TM",
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),
    }
)
# Controls, bidirectional overrides and lone surrogates. U+200D stays: it holds emoji together.
_UNWANTED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ELLIPSIS = "..."


def fit(text: str, segments: int = 3) -> str:
    """The text in at most so many segments, written in GSM-7 where plain characters can stand for fancy ones.

    What is cut off is marked by three dots; no escape pair, surrogate pair or joined emoji is cut through.
    """
    plain = _plain(text)
    if _count(plain) <= segments:
        return plain
    low, high = 0, min(len(plain), _LIMITS[GSM7][0] * max(segments, 1))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _count(plain[:middle] + _ELLIPSIS) <= segments else (low, middle - 1)
    return plain[:low].rstrip("\u200d\ufe0f \n") + _ELLIPSIS


def segments(text: str) -> tuple[str, int]:
    """The encoding that a provider will choose, and in how many segments the text then goes."""
    encoding = GSM7 if all(c in _BASIC or c in _EXTENSION for c in text) else UCS2
    costs = [_cost(c, encoding) for c in text]
    single, part = _LIMITS[encoding]
    return encoding, 1 if sum(costs) <= single else _parts(costs, part)


def _count(text: str) -> int:
    return segments(text)[1]


def _cost(character: str, encoding: str) -> int:
    if encoding == GSM7:
        return 2 if character in _EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def _parts(costs: list[int], part: int) -> int:
    """Segments of a long message. A pair that does not fit whole into one begins the next."""
    count, used = 1, 0
    for cost in costs:
        if used + cost > part:
            count, used = count + 1, 0
        used += cost
    return count


def _plain(text: str) -> str:
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNWANTED.sub("", lines.translate(_PLAIN)).strip()
