"""What commands share: options, and the settings that follow from the data folder."""

import os
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from models.embedded import EngineTrouble, locate
from models.errors import Invalid
from models.settings import Settings, settings

Data = Annotated[Path, typer.Option("--data", help="Folder of the embedded engines and of the inbox.")]
DATA = Path("var")
OfBusiness = Annotated[str, typer.Option("--business", help="Uid, nickname or external id of the business.")]
Since = Annotated[str, typer.Option(help="How far back: 90m, 6h or 2d.")]
SPAN = re.compile(r"([1-9][0-9]{0,4})([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def configure(data: Path, *, broker: bool = False) -> Settings:
    """The settings, with the engines that run under `data` where the environment names none.

    Most commands need the database alone, and work while Redis is away. Ends the command with one
    clear line where what it needs is not to be had.
    """
    try:
        adopt(locate(data, broker=broker))
    except EngineTrouble as trouble:
        give_up(str(trouble))
    return settings()


def read_if_dash(given: str) -> str:
    """What was given, or a line of standard input in place of `-`, which no list of processes shows."""
    return sys.stdin.readline().strip() if given == "-" else given


def span_of(text: str) -> timedelta:
    """Raises `Invalid`."""
    found = SPAN.fullmatch(text)
    if found is None:
        raise Invalid("--since must be a number and m, h or d, such as 2d", "since")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def adopt(variables: dict[str, str]) -> None:
    """Put variables into the environment, for this process and for those it starts."""
    os.environ.update(variables)
    settings.cache_clear()


def give_up(message: str) -> NoReturn:
    """End the command as failed, with one line on standard error."""
    typer.echo(f"intake: {message}", err=True)
    raise typer.Exit(1)
