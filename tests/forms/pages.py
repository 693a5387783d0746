"""Reads a page of ours as a browser would: the inputs of its form with their values."""

from html.parser import HTMLParser
from typing import Any


class Page(HTMLParser):
    """Inputs by name, and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._area = ""
        self.filled: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "input" and given.get("type") != "checkbox" and given.get("name"):
            self.filled[str(given["name"])] = given.get("value") or ""
        self._area = str(given["name"]) if tag == "textarea" else ""
        if self._area:
            self.filled[self._area] = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._area:
            self.filled[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        self._area = ""

    def named(self, name: str) -> dict[str, Any]:
        """The attributes of the input of that name."""
        return next(attributes for _, attributes in self.tags if attributes.get("name") == name)

    def having(self, **wanted: str) -> list[str]:
        """The tags with these attributes."""
        return [
            tag
            for tag, attributes in self.tags
            if all(attributes.get(name.replace("_", "-")) == value for name, value in wanted.items())
        ]
