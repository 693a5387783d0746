"""The `intake suppression` commands: the addresses that must not be written to."""

from typing import Annotated

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure, read_if_dash
from intake.commands.table import plain
from models.database import transaction
from models.operations.identify import find_business
from models.operations.suppressions import Address, lift, suppress, suppressions_of

group = typer.Typer(no_args_is_help=True, help="Suppressions: addresses that must not be written to.")

Written = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="An email address or a telephone number; - reads stdin.")
]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="suppression")


@group.command("list")
def list_(business: OfBusiness, data: Data = DATA) -> None:
    """Print channel, reason, since when, and address, the newest first; of an erased one its hash."""
    configure(data)
    with transaction() as session:
        found = suppressions_of(session, find_business(session, business))
    tell((one.channel, plain(one.reason), one.created_at, plain(one.address)) for one in found)


@group.command()
def add(address: Written, business: OfBusiness, data: Data = DATA) -> None:
    """Write to an address no more; what is on its way to it already stays here, too."""
    configure(data)
    with transaction() as session:
        suppress(session, Address(business=find_business(session, business), written=read_if_dash(address)))


@group.command("lift")
def lift_(address: Written, business: OfBusiness, data: Data = DATA) -> None:
    """Write to an address again, and print why it was not written to. Only the person may ask for it."""
    configure(data)
    with transaction() as session:
        wanted = Address(business=find_business(session, business), written=read_if_dash(address))
        tell((reason,) for reason in lift(session, wanted))
