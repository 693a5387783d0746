"""The command `intake migrate`."""

import typer

from intake.commands.options import DATA, Data, configure
from models import database


def register(app: typer.Typer) -> None:
    app.command()(migrate)


def migrate(data: Data = DATA) -> None:
    """Bring the database's schema up to date."""
    configure(data)
    database.migrate()
