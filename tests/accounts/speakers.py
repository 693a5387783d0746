"""What the tests of who speaks share: a token's spelling, a clock, and an ear at the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from litestar.datastructures import Headers
from sqlalchemy import event

from intake.auth import Accounts
from models.database import engine
from models.settings import Settings

T = "tg_live_" + "aB3" * 18 + "xy"


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def accounts(clock: Clock | None = None, **changes: float) -> Accounts:
    given = Settings().model_copy(update=changes)
    return Accounts(given, clock or Clock())


def headers(*values: str) -> Headers:
    return Headers([(b"authorization", value.encode("latin-1")) for value in values])


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine(), "before_cursor_execute", note)
