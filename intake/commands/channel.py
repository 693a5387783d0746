"""The `intake channel` commands: further ways to tell an owner, such as Slack or Telegram."""

import logging
from typing import Annotated

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure, read_if_dash
from models.database import transaction
from models.errors import Invalid
from models.operations.identify import find_business
from models.operations.owner_channels import add_channel, channels_of, remove_channel, scheme_of

group = typer.Typer(no_args_is_help=True, help="Channels: further ways to tell an owner.")

Url = Annotated[
    str,
    typer.Argument(help="Apprise URL, such as slack://...; - reads it from standard input, unseen by `ps`."),
]
Id = Annotated[int, typer.Argument(help="The channel's id, as `intake channel list` shows it.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="channel")


@group.command()
def add(business: OfBusiness, url: Url, data: Data = DATA) -> None:
    """Tell the owner this way too, and print the channel's id."""
    secret = read_if_dash(url).strip()
    if not is_understood(secret):
        raise Invalid("no service of Apprise's understands this URL", "url")
    configure(data)
    with transaction() as session:
        channel = add_channel(session, find_business(session, business), secret)
    typer.echo(channel.id)


@group.command("list")
def list_(business: OfBusiness, data: Data = DATA) -> None:
    """Print id and scheme of each channel; the rest of its URL is a secret."""
    configure(data)
    with transaction() as session:
        channels = channels_of(session, find_business(session, business))
    tell((channel.id, scheme_of(channel)) for channel in channels)


@group.command()
def remove(business: OfBusiness, channel_id: Id, data: Data = DATA) -> None:
    """Tell the owner this way no longer."""
    configure(data)
    with transaction() as session:
        remove_channel(session, find_business(session, business), channel_id)


def is_understood(url: str) -> bool:
    """Whether Apprise can send to it. Its log is shut, since it would tell the URL."""
    import apprise  # noqa: PLC0415 - a fifth of a second that no other command should pay

    logging.getLogger("apprise").disabled = True
    return apprise.Apprise.instantiate(url, suppress_exceptions=True) is not None
