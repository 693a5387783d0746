"""The `intake user` commands: the staff of a business."""

from typing import Annotated, Literal

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, configure
from models.database import transact, transaction
from models.operations.identify import find_business
from models.operations.staff import Hire, hire, users_of

group = typer.Typer(no_args_is_help=True, help="Users: the staff of a business.")

OfBusiness = Annotated[str, typer.Option("--business", help="Uid, nickname or external id of the business.")]
Username = Annotated[str, typer.Option(help="Lower-case letters, digits and . _ @ + -")]
Name = Annotated[str, typer.Option(help="Name as people read it.")]
Email = Annotated[str, typer.Option(help="Email address.")]
Role = Annotated[Literal["admin", "user"], typer.Option(help="What the user may do.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="user")


@group.command()
def create(  # noqa: PLR0913 - an option each
    *,
    business: OfBusiness,
    username: Username,
    name: Name = "",
    email: Email = "",
    role: Role = "user",
    data: Data = DATA,
) -> None:
    """Add a user to a business, and print the user's id."""
    configure(data)
    command = Hire(business=business, username=username, name=name, email=email, role=role)
    typer.echo(transact(hire, command).id)


@group.command("list")
def list_(business: OfBusiness, data: Data = DATA) -> None:
    """Print id, username, role and name of each user, the owner first."""
    configure(data)
    with transaction() as session:
        users = users_of(session, find_business(session, business))
    tell((user.id, user.username, user.role, user.name) for user in users)
