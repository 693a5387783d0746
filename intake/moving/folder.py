"""The folder between two houses: a file a list, a line of JSON a record, readable by its owner alone."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from models.errors import Invalid

Document = dict[str, Any]
STATE = "pull.json"
# Lists that were fetched further apart do not fit together.
ONE_PULL = timedelta(days=1)


class Pulled(msgspec.Struct):
    """Whose account stands in a folder, which of its lists were fetched, and when the last one was."""

    account: int
    at: datetime
    done: list[str] = []
    is_whole: bool = False


class Folder:
    """A file stands there when its list is whole; until then the one of before does."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def has(self, name: str) -> bool:
        return self._file(name).exists()

    def write(self, name: str, documents: Iterable[Document]) -> int:
        """Keep a list, and give its length; nothing is kept of one that breaks off."""
        with whole(self._file(name)) as file:
            return sum(1 for one in documents if file.write(msgspec.json.encode(one) + b"\n"))

    def records(self, name: str) -> Iterator[Document]:
        """The records of a list, each with an id. Raises `Invalid` for a line that is none."""
        for number, document in enumerate(self.read(name), start=1):
            if type(document.get("id")) is not int:
                message = f"{self._file(name).name}, line {number}: a record without an id"
                raise Invalid(message)
            yield document

    def read(self, name: str) -> Iterator[Document]:
        """The lines of a list. Raises `Invalid` for one that is no object of JSON."""
        with self._file(name).open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    document = msgspec.json.decode(line, type=Document)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    message = f"{self._file(name).name}, line {number}: not a record"
                    raise Invalid(message) from None
                # PostgreSQL takes no NUL.
                yield without_nul(document) if b"u0000" in line else document

    def begin(self, account: Document) -> Pulled:
        """A new pull, or one that broke off today. Raises `Invalid` where another account stands here."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, now = int(account.get("id") or 0), datetime.now(UTC)
        before = self.pulled()
        if before is not None and before.account != number:
            message = f"{self.path} holds another account: name another folder"
            raise Invalid(message)
        if before is None or before.is_whole or now - before.at > ONE_PULL:
            return Pulled(account=number, at=now)
        return before

    def pulled(self) -> Pulled | None:
        """What was last written down; None where nothing was."""
        try:
            return msgspec.json.decode((self.path / STATE).read_bytes(), type=Pulled)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            message = f"{self.path / STATE} is not what `pull` wrote"
            raise Invalid(message) from None

    def write_down(self, pulled: Pulled) -> None:
        pulled.at = datetime.now(UTC)
        self.keep(STATE, msgspec.json.encode(pulled))

    def keep(self, name: str, content: bytes) -> None:
        """Write a file as a whole, for its owner alone."""
        with whole(self.path / name) as file:
            file.write(content)

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.jsonl"


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file that nobody else can read, and that stands in its place when the block has ended well."""
    begun = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)


def without_nul(value: Any) -> Any:  # noqa: ANN401 - of JSON
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [without_nul(one) for one in value]
    if isinstance(value, dict):
        return {without_nul(name): without_nul(one) for name, one in value.items()}
    return value
