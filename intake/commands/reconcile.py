"""The command `intake reconcile`: proves that nothing is missing, or says what is."""

import json

import typer

from intake.commands.options import DATA, Data, Json, configure
from intake.commands.table import table
from models.database import transaction
from models.operations.reconcile import Reconciliation, reconcile


def register(app: typer.Typer) -> None:
    app.command("reconcile")(reconcile_)


def reconcile_(data: Data = DATA, *, as_json: Json = False) -> None:
    """Compare what was received with what there is. Ends with 1 where something is missing."""
    configure(data)
    with transaction() as session:
        books = reconcile(session)
    typer.echo(json.dumps(books.as_document()) if as_json else as_text(books))
    if not books.agrees:
        raise typer.Exit(1)


def as_text(books: Reconciliation) -> str:
    requests = [*books.verdicts.items(), ("received in all", books.received)]
    return "\n\n".join(
        (
            "nothing is missing" if books.agrees else "something is missing",
            table(("requests", "count"), requests),
            table(("jobs", "count"), [*sorted(books.jobs.items()), ("promised in all", books.promised)]),
            table(("messages", "count"), sorted(books.deliveries.items())),
            table(("must not be", "count"), books.missing.items()),
        )
    )
