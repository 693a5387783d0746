"""The `intake user` commands: the staff of a business."""

import sys
from typing import Annotated, Literal

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure
from models.database import transact, transaction
from models.operations.identify import find_business
from models.operations.login import set_active, set_password
from models.operations.staff import Hire, hire, users_of

group = typer.Typer(no_args_is_help=True, help="Users: the staff of a business.")

Username = Annotated[str, typer.Option(help="Lower-case letters, digits and . _ @ + -")]
Name = Annotated[str, typer.Option(help="Name as people read it.")]
Email = Annotated[str, typer.Option(help="Email address.")]
Role = Annotated[Literal["admin", "user"], typer.Option(help="What the user may do.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read a password from standard input.")]
Of = Annotated[str, typer.Argument(help="Username.")]


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
    password_stdin: FromStdin = False,
    data: Data = DATA,
) -> None:
    """Add a user to a business, and print the user's id. Only one with a password can log in."""
    configure(data)
    command = Hire(
        business=business,
        username=username,
        name=name,
        email=email,
        role=role,
        password=typed() if password_stdin else None,
    )
    typer.echo(transact(hire, command).id)


@group.command()
def password(
    username: Of, business: OfBusiness, *, password_stdin: FromStdin = False, data: Data = DATA
) -> None:
    """Give a user a password, typed twice or from standard input; whoever is logged in is so no more."""
    configure(data)
    wanted = (
        typed() if password_stdin else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    with transaction() as session:
        set_password(session, find_business(session, business), username, wanted)


@group.command()
def deactivate(username: Of, business: OfBusiness, data: Data = DATA) -> None:
    """Refuse a user's logins and tokens everywhere within a minute."""
    switch(username, business, data, active=False)


@group.command()
def activate(username: Of, business: OfBusiness, data: Data = DATA) -> None:
    """Let a user in again."""
    switch(username, business, data, active=True)


def switch(username: str, business: str, data: Data, *, active: bool) -> None:
    configure(data)
    with transaction() as session:
        set_active(session, find_business(session, business), username, active=active)


def typed() -> str:
    """A password from standard input, where neither a list of processes nor a shell's history shows it."""
    return sys.stdin.readline().rstrip("\r\n")


@group.command("list")
def list_(business: OfBusiness, data: Data = DATA) -> None:
    """Print id, username, role and name of each user, the owner first."""
    configure(data)
    with transaction() as session:
        users = users_of(session, find_business(session, business))
    tell((user.id, user.username, user.role, user.name) for user in users)
