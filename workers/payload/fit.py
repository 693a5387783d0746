"""Fits a document into the 20 kB that Standard Webhooks allow, by shortening what people wrote."""

import json
from typing import Any

LONGEST = 20_000  # octets
# Characters of a text and entries of a list, tried in turn. With the last ones everything fits.
CUTS = ((1000, 50), (200, 30), (30, 20))
ELLIPSIS = "…"


def fitted(document: dict[str, Any]) -> str:
    """The document as JSON; one that had to be shortened says so by `truncated`."""
    text = written(document)
    for characters, entries in CUTS:
        if len(text.encode()) < LONGEST:
            return text
        text = written({**document, "truncated": True, "data": cut(document["data"], characters, entries)})
    return text


def written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def cut(value: Any, characters: int, entries: int) -> Any:  # noqa: ANN401 - JSON of any kind
    if isinstance(value, str):
        return value if len(value) <= characters else value[: characters - 1] + ELLIPSIS
    if isinstance(value, list):
        return [cut(one, characters, entries) for one in value[:entries]]
    if isinstance(value, dict):
        kept = list(value.items())[:entries]
        return {cut(name, characters, entries): cut(one, characters, entries) for name, one in kept}
    return value
