"""The items of a payload: each is about one person, and may become one lead."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from models.mapping.draft import place
from models.mapping.expression import Unmapped, search
from models.mapping.functions import written
from models.mapping.payload import ITEM, Payload, read_payload
from models.mapping.preset import Preset

MOST_ITEMS = 500
FETCHED = "fetched"  # the name in an item of what its partner told when it was asked


@dataclass(frozen=True, slots=True)
class Item:
    """`id` is its sender's own, empty where there is none; `is_ignored` says that it is about no lead."""

    content: Payload
    id: str
    is_ignored: bool

    @property
    def body(self) -> bytes:
        """The item as the body of a receipt of its own, without what its partner told when it was asked.

        That is asked for again at a replay, and may differ from one time to the next.
        """
        sent = self.content
        if isinstance(sent, dict):
            sent = {name: value for name, value in sent.items() if name != FETCHED}
        return json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


def items_of(preset: Preset, mapping: Mapping[str, str], content_type: str, body: bytes) -> list[Item]:
    """The items of a body, in order. Raises `Unreadable` or `Unmapped`."""
    payload = read_payload(content_type, body)
    expression = "@" if content_type == ITEM else place(preset, mapping, "items")
    found = search("items", expression, payload)
    contents = found if isinstance(found, list) else [found]
    items = [_item(preset, mapping, one) for one in contents if one not in (None, {}, [])]
    if not items:
        raise Unmapped("items: nothing of what was sent is a lead", "items")
    if len(items) > MOST_ITEMS:
        message = f"items: more than {MOST_ITEMS} leads in one request"
        raise Unmapped(message, "items")
    return items


def _item(preset: Preset, mapping: Mapping[str, str], content: Payload) -> Item:
    named = {name: place(preset, mapping, name) for name in ("item_id", "ignore")}
    found = {name: search(name, text, content) if text else None for name, text in named.items()}
    return Item(content, written(found["item_id"]), found["ignore"] is True)
