"""The `intake quarantine` commands: suspect posts of forms, let in or dropped by a person."""

from typing import Annotated

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure
from intake.forms.release import release
from models.database import transact, transaction
from models.operations.identify import find_business
from models.operations.quarantine import OfReceipt, WantedSuspects, drop, list_suspects

group = typer.Typer(no_args_is_help=True, help="Quarantine: suspect posts that wait for a person.")

OfForm = Annotated[str, typer.Option("--form", help="Uid or key of one form.")]
Most = Annotated[int, typer.Option(min=1, max=100_000, help="Most posts, the newest first.")]
Reference = Annotated[str, typer.Argument(metavar="RECEIPT", help="The receipt's uid, as the list shows it.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="quarantine")


@group.command("list")
def list_(business: OfBusiness, form: OfForm = "", limit: Most = 100, data: Data = DATA) -> None:
    """Print receipt, time, form, score and rules of each post that waits."""
    configure(data)
    with transaction() as session:
        tenant = find_business(session, business)
        wanted = WantedSuspects(business_id=tenant.id, form=form, limit=limit)
        found = list_suspects(session, wanted)
    tell(
        (receipt.uid, receipt.received_at, one.name, suspect.score, ",".join(suspect.rules))
        for receipt, suspect, one in found
    )


@group.command("release")
def release_(receipt: Reference, data: Data = DATA) -> None:
    """Let a post in: make its lead, promise its messages, and print the lead's uid."""
    configure(data)
    typer.echo(transact(release, OfReceipt(receipt=receipt)).lead_uid)


@group.command("drop")
def drop_(receipt: Reference, data: Data = DATA) -> None:
    """Decide that nothing comes of a post. Its receipt stays."""
    configure(data)
    transact(drop, OfReceipt(receipt=receipt))
