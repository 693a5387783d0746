"""The `intake directory` commands: partners who act for many businesses."""

from typing import Annotated

import typer
from sqlmodel import col, select

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure
from models.business import Directory
from models.database import transact, transaction
from models.operations.directories import add_business, find_directory, found_directory
from models.operations.identify import find_business

group = typer.Typer(no_args_is_help=True, help="Directories: partners who act for many businesses.")

Name = Annotated[str, typer.Option(help="Name, which no other directory has.")]
Reference = Annotated[str, typer.Option("--directory", help="Uid or name of the directory.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="directory")


@group.command()
def create(name: Name, data: Data = DATA) -> None:
    """Make a directory, and print its uid."""
    configure(data)
    typer.echo(transact(found_directory, name).uid)


@group.command("list")
def list_(data: Data = DATA) -> None:
    """Print uid and name of every directory."""
    configure(data)
    with transaction() as session:
        directories = session.exec(select(Directory).order_by(col(Directory.id))).all()
    tell((directory.uid, directory.name) for directory in directories)


@group.command("add-business")
def add_business_(directory: Reference, business: OfBusiness, data: Data = DATA) -> None:
    """Let a directory act for a business."""
    configure(data)
    with transaction() as session:
        add_business(session, find_directory(session, directory), find_business(session, business))
