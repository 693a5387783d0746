"""Prints the answers of commands: lines of tab-separated values, for people and for `cut` alike."""

from collections.abc import Iterable
from datetime import datetime

import typer

NOTHING = "-"


def tell(rows: Iterable[Iterable[object]]) -> None:
    for row in rows:
        typer.echo("\t".join(shown(value) for value in row))


def shown(value: object) -> str:
    """A value in one word or line; times in ISO 8601 to the second."""
    if value is None or value == "":
        return NOTHING
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
