"""What an operator reads when a command cannot do its work."""

from psycopg.errors import UndefinedTable
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError

from models.embedded import EngineTrouble
from models.errors import Refusal


def told(error: Exception) -> str | None:
    """One line about a trouble that an operator can end; None for a fault of ours."""
    match error:
        case Refusal() | EngineTrouble():
            return str(error)
        case ValidationError():
            # Its own words would echo the values, which may hold passwords.
            errors = error.errors(include_input=False)
            return "; ".join(": ".join([*map(str, fact["loc"]), fact["msg"]]) for fact in errors)
        case OperationalError():
            return "the database does not answer: check DATABASE_URL"
        case ProgrammingError(orig=UndefinedTable()):
            return "the database has no tables yet: run `intake migrate`"
    return None
