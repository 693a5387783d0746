"""Presets: what is known of each sender, one file a sender in `presets/`."""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.errors import Invalid
from models.source import Scheme

FOLDER = Path(__file__).parent / "presets"


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """How one sender signs, and where things stand in what it sends.

    All but the names are JMESPath expressions. `delivery` gives the delivery's id, or those of the
    batch; `items` the things that may each become a lead; `item_id` an item's own id; `ignore` is true
    of an item that is about something else. `fields` gives an item's labels and values, in which
    attributes are found by name; `map` says where they stand when that is not enough. `challenge` and
    `fetch` name what the sender wants answered by GET, and whom a worker asks for the rest.
    """

    name: str
    title: str
    scheme: Scheme = Scheme.URL
    options: dict[str, str] = field(default_factory=dict)
    challenge: str = ""
    delivery: str = ""
    items: str = "@"
    item_id: str = ""
    ignore: str = ""
    fetch: str = ""
    fields: str = "@"
    map: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def presets() -> dict[str, Preset]:
    """All presets by name."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def preset(name: str) -> Preset:
    """Raises `Invalid`."""
    found = presets().get(name)
    if found is None:
        message = f"preset must be one of {', '.join(presets())}"
        raise Invalid(message, "preset")
    return found


def _read(path: Path) -> Preset:
    told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    scheme = Scheme(told.pop("scheme", Scheme.URL))
    return Preset(name=path.stem, scheme=scheme, **told)
