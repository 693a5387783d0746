"""Export: all that is kept of a person, as one document."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from models.operations.person.find import find_all
from models.operations.person.kept import KEPT, Kept
from models.operations.person.requests import with_requests

# Keys to doors, and what says nothing of a person.
UNTOLD = frozenset({"business_id", "token", "unsubscribe_token", "fingerprint", "token_id"})
# What mentions a person is somebody else's.
TOLD = (
    *(kept for kept in KEPT if kept.of != "mentions"),
    Kept(table="event", of="events"),
    Kept(
        table="suppression",
        of="addresses",
        whose="business_id = %(business)s AND address = ANY(%(addresses)s)",
    ),
)

Document = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportPerson:
    """Tell of whom `reference` means: an address, a unique id or a uid.

    `most_seconds` is how long each look may take; nought: as long as it takes.
    """

    business_id: int
    reference: str
    most_seconds: int = 0


def export_person(session: Session, command: ExportPerson) -> Document:
    """The person's rows by table; the tables that have none are left out. Raises `NotFound` or `Invalid`."""
    session.connection().exec_driver_sql(f"SET LOCAL statement_timeout = '{command.most_seconds}s'")
    person = with_requests(session, find_all(session, command.business_id, command.reference))
    names, document = asdict(person), Document()
    for kept in TOLD:
        if names[kept.of] and (rows := told(session, kept.telling, names)):
            document.setdefault(kept.table, []).extend(rows)
    return document


def told(session: Session, sql: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    rows = session.connection().exec_driver_sql(sql, names).mappings()
    return [
        {name: legible(value) for name, value in row.items() if name not in UNTOLD and value is not None}
        for row in rows
    ]


def legible(value: Any) -> Any:  # noqa: ANN401 - a column of any type
    """A body as the text that it is, nearly always."""
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value
