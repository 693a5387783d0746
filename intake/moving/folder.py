"""The folder between two houses: a file a list, a line of JSON a record, readable by its owner alone."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from models.errors import Invalid

Document = dict[str, Any]


class Folder:
    """A file stands there when its list is whole; until then the one of before does."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def has(self, name: str) -> bool:
        return self._file(name).exists()

    def write(self, name: str, documents: Iterable[Document]) -> int:
        """Keep a list, and give its length; nothing is kept of one that breaks off."""
        begun = self._file(name).with_suffix(".part")
        descriptor = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                count = sum(1 for one in documents if file.write(msgspec.json.encode(one) + b"\n"))
            begun.replace(self._file(name))
        finally:
            begun.unlink(missing_ok=True)
        return count

    def records(self, name: str) -> Iterator[Document]:
        """The records of a list, each with an id. Raises `Invalid` for a line that is none."""
        for number, document in enumerate(self.read(name), start=1):
            if not isinstance(document.get("id"), int):
                message = f"{self._file(name).name}, line {number}: a record without an id"
                raise Invalid(message)
            yield document

    def read(self, name: str) -> Iterator[Document]:
        """The lines of a list. Raises `Invalid` for one that is no object of JSON."""
        with self._file(name).open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield msgspec.json.decode(line, type=Document)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    message = f"{self._file(name).name}, line {number}: not a record"
                    raise Invalid(message) from None

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.jsonl"
