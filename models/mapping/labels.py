"""Labels of an enquiry, of which none may hide another."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

V = TypeVar("V")

LONGEST = 490


def numbered(pairs: Iterable[tuple[str, V]]) -> dict[str, V]:
    """Each value under its label, which is cut where it is too long.

    Of those called the same, the second is `label (2)`.
    """
    fields: dict[str, V] = {}
    more: Counter[str] = Counter()
    for label, value in pairs:
        short = name = label[:LONGEST]
        while name in fields:
            more[short] += 1
            name = f"{short} ({more[short] + 1})"
        fields[name] = value
    return fields
