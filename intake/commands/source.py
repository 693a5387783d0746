"""The `intake source` commands: partners' webhooks, and how what they send becomes a lead."""

from datetime import timedelta
from typing import Annotated, Literal

import typer

from intake.commands import source_trial
from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure, read_if_dash
from models.database import transact, transaction
from models.errors import Invalid
from models.operations.identify import find_business
from models.operations.sources.manage import (
    ChangeSource,
    CreateSource,
    RotateSecret,
    change_source,
    create_source,
    delete_source,
    find_source,
    options_of,
    rotate_secret,
    sources_of,
)
from models.settings import settings
from models.source import Source

SHOWN = (
    "uid", "key", "name", "preset", "scheme", "identifier", "is_test", "is_paused",
    "created_at", "updated_at", "previous_until",
)  # fmt: skip

group = typer.Typer(no_args_is_help=True, help="Sources: partners' webhooks.")

Which = Annotated[str, typer.Argument(metavar="SOURCE", help="Uid or key of the source, or its name.")]
Name = Annotated[str, typer.Option(help="Name as people read it.")]
PresetName = Annotated[str, typer.Option("--preset", help="Who sends: typeform, meta, json, ...")]
SchemeName = Annotated[str, typer.Option("--scheme", help="How it proves itself. Default: as the preset.")]
Secret = Annotated[str, typer.Option(help="Shared with the sender; - reads standard input, unseen by `ps`.")]
Token = Annotated[str, typer.Option(help="To fetch leads with, at Meta, HubSpot or LinkedIn; - reads stdin.")]
Notifications = Annotated[str, typer.Option(help="Any of auto-reply, email, sms, with commas.")]
Identifier = Annotated[Literal["email", "unique_id"], typer.Option(help="What known leads are found by.")]
Options = Annotated[list[str] | None, typer.Option("--option", help="NAME=VALUE of the scheme; repeatable.")]
Maps = Annotated[list[str] | None, typer.Option("--map", help="ATTRIBUTE=JMESPATH; repeatable.")]
Trial = Annotated[bool, typer.Option("--test", help="All its leads are trials: marked, never notified.")]
Hours = Annotated[float, typer.Option(min=0, max=8760, help="How long the old secret goes on working.")]


def register(app: typer.Typer) -> None:
    source_trial.register(group)
    app.add_typer(group, name="source")


@group.command()
def create(  # noqa: PLR0913 - an option each
    *,
    business: OfBusiness,
    name: Name,
    preset: PresetName = "json",
    scheme: SchemeName = "",
    secret: Secret = "",
    token: Token = "",
    notifications: Notifications = "",
    identifier: Identifier = "email",
    option: Options = None,
    map_: Maps = None,
    test: Trial = False,
    data: Data = DATA,
) -> None:
    """Make a source and print its key: the sender posts to PUBLIC_URL/hooks/KEY."""
    command = CreateSource(
        business=business,
        name=name,
        preset=preset,
        scheme=scheme,
        secret=read_if_dash(secret),
        token=read_if_dash(token),
        options=pairs(option, "option"),
        mapping=pairs(map_, "map"),
        notifications=words(notifications),
        identifier=identifier,
        is_test=test,
    )
    configure(data)
    typer.echo(transact(create_source, command).key)


@group.command("list")
def list_(business: OfBusiness, data: Data = DATA) -> None:
    """Print uid, name, preset, scheme and state of each source, never a secret."""
    configure(data)
    with transaction() as session:
        sources = sources_of(session, find_business(session, business))
    tell((one.uid, one.name, one.preset, one.scheme, state_of(one)) for one in sources)


@group.command()
def show(source: Which, data: Data = DATA) -> None:
    """Print the fields of a source, one a line; of its secrets only whether there are any."""
    configure(data)
    with transaction() as session:
        found = find_source(session, source)
        url = f"{settings().public_url.rstrip('/')}/hooks/{found.key}"
        tell((field, getattr(found, field)) for field in SHOWN)
        tell([("url", url), ("notifications", ",".join(found.notifications))])
        tell([("secret", bool(found.secret)), ("token", bool(found.token))])
        tell((f"option {name}", value) for name, value in options_of(found).items())
        tell((f"map {name}", value) for name, value in found.mapping.items())


@group.command()
def update(  # noqa: PLR0913 - an option each
    source: Which,
    *,
    name: Annotated[str | None, typer.Option()] = None,
    token: Annotated[str | None, typer.Option(help="- reads standard input.")] = None,
    notifications: Annotated[str | None, typer.Option(help="Empty: none any more.")] = None,
    identifier: Annotated[Literal["email", "unique_id"] | None, typer.Option()] = None,
    option: Options = None,
    map_: Maps = None,
    test: Annotated[bool | None, typer.Option("--test/--no-test", help="All its leads are trials.")] = None,
    pause: Annotated[bool | None, typer.Option("--pause/--no-pause", help="Its address answers 503.")] = None,
    data: Data = DATA,
) -> None:
    """Change the given fields of a source, and no other; NAME= goes back to what the preset has."""
    command = ChangeSource(
        source=source,
        name=name,
        token=None if token is None else read_if_dash(token),
        notifications=None if notifications is None else words(notifications),
        identifier=identifier,
        options=pairs(option, "option"),
        mapping=pairs(map_, "map"),
        is_test=test,
        is_paused=pause,
    )
    configure(data)
    transact(change_source, command)


@group.command()
def rotate(source: Which, secret: Secret, overlap_hours: Hours = 24, data: Data = DATA) -> None:
    """Take a new secret; the old one works for the overlap still."""
    configure(data)
    overlap = timedelta(hours=overlap_hours)
    transact(rotate_secret, RotateSecret(source=source, secret=read_if_dash(secret), overlap=overlap))


@group.command()
def delete(source: Which, data: Data = DATA) -> None:
    """End a source for good: its sender hears 410. What it sent stays."""
    configure(data)
    transact(delete_source, source)


def words(given: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in given.split(",") if word.strip())


def pairs(given: list[str] | None, name: str) -> dict[str, str]:
    """NAME=VALUE, as often as given. Raises `Invalid`."""
    split = [one.partition("=") for one in given or ()]
    if not all(key and separator for key, separator, _ in split):
        message = f"--{name} must be NAME=VALUE"
        raise Invalid(message, name)
    return {key: value for key, _, value in split}


def state_of(source: Source) -> str:
    if source.is_paused:
        return "paused"
    return "test" if source.is_test else "active"
