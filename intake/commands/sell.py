"""The `intake sell` commands: move what a business has in Zendesk Sell to here."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure, give_up
from intake.commands.table import plain, table
from intake.moving.api import RATE, SellApi
from intake.moving.folder import Folder
from intake.moving.load import Taken, load
from intake.moving.pull import pull as pulled
from models.database import transaction
from models.operations.identify import find_business

HEAD = ("list", "there", "new", "changed", "same", "kept", "left out")
MOST_TOLD = 10
LEFT_OUT = "left-out.txt"

group = typer.Typer(no_args_is_help=True, help="Zendesk Sell: move what a business has there to here.")

To = Annotated[Path | None, typer.Option("--to", help="The folder. Default: `sell` in the data folder.")]
From = Annotated[Path | None, typer.Option("--from", help="The folder that `pull` made; default as there.")]
Url = Annotated[str, typer.Option("--url", help="Where Sell's API is.")]
Rate = Annotated[float, typer.Option(min=0, help="Requests a second at most; 0 for no limit.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="sell")


@group.command()
def pull(to: To = None, url: Url = "https://api.getbase.com", rate: Rate = RATE, data: Data = DATA) -> None:
    """Fetch a whole account into a folder. Reads an access token of Sell's from standard input."""
    token = typed()
    if not token.isascii() or not token.isprintable() or not token:
        give_up("standard input must hold an access token of Sell's")
    with SellApi(url, token, rate) as api:
        account = api.account()
        tell([("account", account.get("id"), plain(str(account.get("name", ""))))])
        tell((name, plain(str(found))) for name, found in pulled(api, folder_of(to, data), account))


@group.command("load")
def load_(business: OfBusiness, from_: From = None, data: Data = DATA) -> None:
    """Take over what stands in a folder, with its ids. Can be said again, and then follows what changed.

    Ends with 1 where something was left out.
    """
    folder = folder_of(from_, data)
    state = folder.pulled()
    if state is None or not state.is_whole:
        give_up(f"{folder.path} holds no whole account: say `intake sell pull` first, or once more")
    configure(data)
    with transaction() as session:
        number = find_business(session, business).id
    taken = list(load(folder, number))
    typer.echo(table(HEAD, map(line, taken)))
    reasons = [
        plain(f"{one.name} {number}: {why}") for one in taken for number, why in one.loaded.left_out.items()
    ]
    folder.keep(LEFT_OUT, "".join(f"{reason}\n" for reason in reasons).encode())
    for one in taken:
        warn(f"{one.name}: {remark}" for remark in remarks(one))
    warn(shortened(reasons, folder.path / LEFT_OUT))
    raise typer.Exit(1 if reasons else 0)


def folder_of(path: Path | None, data: Path) -> Folder:
    return Folder(path or data / "sell")


def line(one: Taken) -> tuple[object, ...]:
    found = one.loaded
    return one.name, one.told, found.new, found.changed, found.same, found.kept, len(found.left_out)


def remarks(one: Taken) -> Iterator[str]:
    for name, count in sorted((+one.odd).items()):
        yield f"{plain(name)} has no place here, or could not be read, in {count} records"
    for column, count in sorted(one.loaded.emptied.items()):
        yield f"{column} names what is not there, and was left empty in {count} records"


def shortened(reasons: list[str], file: Path) -> Iterator[str]:
    yield from (f"left out: {reason}" for reason in reasons[:MOST_TOLD])
    if len(reasons) > MOST_TOLD:
        yield f"{len(reasons) - MOST_TOLD} more were left out: {file} names them all"


def warn(words: Iterator[str]) -> None:
    for one in words:
        typer.echo(f"intake: {one}", err=True)


def typed() -> str:
    """A token, which neither a list of processes nor a shell's history shall show."""
    if sys.stdin.isatty():
        return str(typer.prompt("Access token", hide_input=True)).strip()
    return sys.stdin.readline().strip()
