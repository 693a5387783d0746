"""The `intake` command."""

import sys
from typing import NoReturn

import typer
from psycopg.errors import UndefinedTable
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError

from intake.commands import (
    business,
    channel,
    directory,
    form,
    parts,
    probe,
    quarantine,
    queue,
    reconcile,
    source,
    subscription,
    template,
    token,
    up,
    user,
)
from models.embedded import EngineTrouble
from models.errors import Refusal

COMMANDS = (
    up,
    parts,
    business,
    token,
    user,
    directory,
    channel,
    template,
    form,
    probe,
    source,
    quarantine,
    subscription,
    queue,
    reconcile,
)


def main() -> None:
    """Run a command. What it cannot do is told in one line on standard error, and ends with 1."""
    try:
        build()()
    except (Refusal, EngineTrouble) as fact:
        fail(str(fact))
    except ValidationError as invalid:
        # Its own words would echo the values, which may hold passwords.
        errors = invalid.errors(include_input=False)
        fail("; ".join(": ".join([*map(str, error["loc"]), error["msg"]]) for error in errors))
    except OperationalError:
        fail("the database does not answer: check DATABASE_URL")
    except ProgrammingError as error:
        if not isinstance(error.orig, UndefinedTable):
            raise
        fail("the database has no tables yet: run `intake migrate`")


def build() -> typer.Typer:
    """The command with all its sub-commands; tracebacks are plain, since rich ones show the values."""
    app = typer.Typer(
        name="intake",
        help="Takes in sales leads and never loses one.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    for module in COMMANDS:
        module.register(app)
    return app


def fail(message: str) -> NoReturn:
    sys.stderr.write(f"intake: {message}\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
