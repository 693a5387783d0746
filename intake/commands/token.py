"""The `intake token` commands: make, list, rotate and revoke tokens."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import typer
from sqlmodel import Session

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure
from models.business import Business, Directory, Token, TokenKind, User
from models.database import transaction
from models.errors import Invalid
from models.operations.directories import directory_of, find_directory
from models.operations.identify import find_business
from models.operations.staff import find_user
from models.operations.tokens import Scope, issue, listed, revoke, rotate

group = typer.Typer(no_args_is_help=True, help="Tokens: who may speak for a business.")

OfDirectory = Annotated[str, typer.Option("--directory", help="Uid or name of the directory.")]
Username = Annotated[str, typer.Option(help="The user it speaks for; a staff token's default is the owner.")]
Kind = Annotated[
    Literal["staff", "app", "directory"] | None,
    typer.Option(help="Default: staff; directory where --directory is given."),
]
Scopes = Annotated[list[Scope] | None, typer.Option("--scope", help="Repeatable. Default: all but admin.")]
Trial = Annotated[bool, typer.Option("--test", help="A tg_test_ token, for trials.")]
Days = Annotated[int | None, typer.Option(min=1, max=3650, help="Days until it expires. Default: never.")]
Id = Annotated[int, typer.Argument(help="The token's id, as `intake token list` shows it.")]
Hours = Annotated[float, typer.Option(min=0, max=8760, help="How long the old token goes on working.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="token")


@group.command()
def create(  # noqa: PLR0913 - an option each
    *,
    business: OfBusiness = "",
    directory: OfDirectory = "",
    user: Username = "",
    kind: Kind = None,
    scope: Scopes = None,
    test: Trial = False,
    days: Days = None,
    data: Data = DATA,
) -> None:
    """Make a token and print it. It is kept nowhere: nobody can print it again.

    A directory token acts for every business of the directory. With --business it is the token of
    that business's directory, which is made where it has none.
    """
    configure(data)
    wanted = TokenKind(kind or ("directory" if directory else "staff"))
    with transaction() as session:
        holder = holder_of(session, business, directory)
        if wanted == TokenKind.DIRECTORY and isinstance(holder, Business):
            holder = directory_of(session, holder)
        token = issue(
            session,
            business=holder if isinstance(holder, Business) else None,
            directory=holder if isinstance(holder, Directory) else None,
            kind=wanted,
            user=user_of(session, holder, user),
            scopes=scope or (),
            live=not test,
            expires_at=datetime.now(UTC) + timedelta(days=days) if days else None,
        )
    typer.echo(token)


@group.command("list")
def list_(business: OfBusiness = "", directory: OfDirectory = "", data: Data = DATA) -> None:
    """Print id, beginning, kind, scopes, birth, expiry and revocation of each token, never a token."""
    configure(data)
    with transaction() as session:
        tokens = listed(session, holder_of(session, business, directory))
    tell(summary(token) for token in tokens)


@group.command("rotate")
def rotate_(token_id: Id, overlap_hours: Hours = 24, data: Data = DATA) -> None:
    """Print a new token with the rights of an old one, which ends after the overlap."""
    configure(data)
    with transaction() as session:
        token = rotate(session, token_id, timedelta(hours=overlap_hours))
    typer.echo(token)


@group.command("revoke")
def revoke_(token_id: Id, data: Data = DATA) -> None:
    """End a token: it is refused everywhere within a minute."""
    configure(data)
    with transaction() as session:
        revoke(session, token_id)


def holder_of(session: Session, business: str, directory: str) -> Business | Directory:
    if bool(business) == bool(directory):
        raise Invalid("give either --business or --directory", "business")
    return find_business(session, business) if business else find_directory(session, directory)


def user_of(session: Session, holder: Business | Directory, username: str) -> User | None:
    if not username:
        return None
    if isinstance(holder, Directory):
        raise Invalid("a directory token speaks for no user", "user")
    return find_user(session, holder, username)


def summary(token: Token) -> tuple[object, ...]:
    scopes = ",".join(token.scopes)
    dates = (token.created_at, token.expires_at, token.revoked_at)
    return (token.id, f"{token.prefix}...", token.kind, scopes, *dates)
