"""Lists: the query that asks for one, by page or by cursor, and the meta that comes with it."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from litestar.datastructures import MultiDict

from intake.dialects.nateq.envelope import BadFields, Details
from models.contact import Contact
from models.digits import is_number
from models.errors import Invalid
from models.identifiers import email_address
from models.lead import Lead
from models.operations.list_people import People, WantedPeople

Noun = Literal["lead", "contact"]

USUAL_SIZE, MOST = 20, 100
# Skipping costs what is skipped; whoever goes deeper follows the cursor, which costs the same anywhere.
LAST_PAGE = 1000
LONGEST = 255

CURSOR = re.compile(r"(lead|contact):([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for; `page` counts from 1, and is None where a cursor leads."""

    size: int
    page: int | None
    below: int | None
    email: str
    external_id: str

    def wanted(self, business_id: int) -> WantedPeople:
        return WantedPeople(
            business_id=business_id,
            limit=self.size,
            skip=(self.page - 1) * self.size if self.page else 0,
            below=self.below,
            email=self.email,
            external_id=self.external_id,
            counted=self.page is not None,
        )


class Reader:
    """Reads parameters and gathers what is wrong with them, so that all is told at once."""

    def __init__(self, parameters: MultiDict[str]) -> None:
        self._sent = parameters
        self.details: Details = {}

    def text(self, *names: str) -> tuple[str, str]:
        """The first of the spellings that was sent, and its value; an empty one was not sent."""
        for name in names:
            if value := (self._sent.get(name) or "").strip():
                if len(value) <= LONGEST and value.isprintable():
                    return name, value
                self.refuse(name, f"must be at most {LONGEST} printable characters")
        return names[0], ""

    def number(self, usual: int, most: int, *names: str) -> int:
        name, value = self.text(*names)
        if not value:
            return usual
        if is_number(value, 9) and 1 <= int(value) <= most:
            return int(value)
        self.refuse(name, f"must be a number from 1 to {most}")
        return usual

    def email(self) -> str:
        name, value = self.text("email")
        try:
            return email_address(value).address if value else ""
        except Invalid:
            self.refuse(name, "must be a valid email address")
            return ""

    def cursor(self, noun: Noun) -> int | None:
        """The id below which the wanted people are."""
        name, value = self.text("after", "cursor")
        if not value:
            return None
        found = CURSOR.fullmatch(decoded(value))
        if found is None or found[1] != noun:
            self.refuse(name, "must be a cursor of this list")
            return None
        return int(found[2])

    def refuse(self, name: str, reason: str) -> None:
        self.details[name] = [reason]


def query_of(parameters: MultiDict[str], noun: Noun) -> Query:
    """Raises `BadFields`. Parameters that nobody knows are ignored."""
    reader = Reader(parameters)
    below = reader.cursor(noun)
    query = Query(
        size=reader.number(USUAL_SIZE, MOST, "pageSize", "limit"),
        page=None if below else reader.number(1, LAST_PAGE, "page"),
        below=below,
        email=reader.email(),
        external_id=reader.text("externalId")[1],
    )
    if reader.details:
        raise BadFields(reader.details)
    return query


def meta(query: Query, noun: Noun, people: People[Lead] | People[Contact]) -> dict[str, Any]:
    """How much there is and how to go on. A cursor's list is not counted: that would cost all of it."""
    ids = [row.id for row in people.rows]
    told: dict[str, Any] = {"count": len(ids), "limit": query.size, "pageSize": query.size}
    told |= {"hasNext": people.more, "hasPrevious": query.below is not None or (query.page or 1) > 1}
    told |= cursors(noun, ids)
    if people.total is not None:
        pages = -(-people.total // query.size)
        told |= {"page": query.page, "total": people.total, "totalPages": pages}
    return told


def cursors(noun: Noun, ids: Sequence[int]) -> dict[str, str]:
    return {"startCursor": encoded(noun, ids[0]), "endCursor": encoded(noun, ids[-1])} if ids else {}


def encoded(noun: Noun, below: int) -> str:
    return base64.urlsafe_b64encode(f"{noun}:{below}".encode()).decode().rstrip("=")


def decoded(cursor: str) -> str:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (UnicodeError, binascii.Error):
        return ""
