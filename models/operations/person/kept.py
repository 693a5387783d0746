"""What is kept of a person, table by table: which rows, and what of them must not stay when they are erased.

tests/person/test_kept.py holds this to every column there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import LargeBinary, Text

from models.delivery import ERASED, OF_ERASED, DeliveryState
from models.operations.person.companies import OF_COMPANY
from models.receipt import Verdict
from models.tables import METADATA

NOW = "clock_timestamp()"
GONE = f"coalesce(deleted_at, {NOW})"
WAITS = "state IN ('owed', 'deferred')"
OPEN = "verdict IN ('quarantined', 'failed')"
OPAQUE = """NOT EXISTS (
    SELECT FROM unnest(%(addresses)s::text[]) AS a WHERE position(a IN lower(idempotency_key)) > 0
)"""
PERSON = (
    "first_name", "last_name", "email", "phone", "phone_e164", "title", "description", "industry", "website",
    "mobile", "fax", "twitter", "facebook", "linkedin", "skype", "tags",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Rows of one table: those whose `column` is in the list `of` a person, unless `whose` says it otherwise.

    Where neither `emptied` nor `instead` names a column, the whole row goes. `instead` is SQL for columns
    that cannot be empty, or that say that the rest is.
    """

    table: str
    of: str
    column: str = "id"
    whose: str = ""
    emptied: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)

    @property
    def erasing(self) -> str:
        """The statement that erases it."""
        values = {name: nothing(self.table, name) for name in self.emptied} | dict(self.instead)
        if not values:
            return f"DELETE FROM {self.table} WHERE {self._where}"  # noqa: S608 - names of our own
        said = ", ".join(f"{name} = {value}" for name, value in values.items())
        return f"UPDATE {self.table} SET {said} WHERE {self._where}"  # noqa: S608

    @property
    def telling(self) -> str:
        """The statement that reads it."""
        return f"SELECT * FROM {self.table} WHERE {self._where} ORDER BY 1"  # noqa: S608

    @property
    def _where(self) -> str:
        return self.whose or f"{self.column} = ANY(%({self.of})s)"


def nothing(table: str, column: str) -> str:
    """An empty value of a column's type, as PostgreSQL reads it."""
    found = METADATA.tables[table].columns[column]
    if found.nullable:
        return "NULL"
    return "''" if isinstance(found.type, Text | LargeBinary) else "'{}'"


RECEIPT = {
    # A late repetition of the request is known by its key still, unless that tells who it was.
    "idempotency_key": f"CASE WHEN {OPAQUE} THEN idempotency_key END",
    "fingerprint": f"CASE WHEN {OPAQUE} THEN fingerprint END",
    # What waits for somebody can be worked on no more, and says so.
    "verdict": f"CASE WHEN {OPEN} THEN '{Verdict.REFUSED}' ELSE verdict END",
    "reason": f"CASE WHEN {OPEN} THEN '{ERASED}' ELSE reason END",
}

KEPT = (
    Kept(table="consent", of="leads", column="lead_id"),
    Kept(
        table="lead",
        of="leads",
        emptied=(
            *PERSON,
            "unique_id",
            "address",
            "source_url",
            "fields",
            "organization_name",
            "place",
            "opt_in_source",
            "sms_opt_in_source",
        ),
        instead={
            "slug": "'erased-' || id",
            "deleted_at": GONE,
            "erased_at": f"coalesce(erased_at, {NOW})",
            "updated_at": NOW,
        },
    ),
    Kept(table="identity", of="leads", column="lead_id"),
    Kept(
        table="contact",
        of="individuals",
        emptied=(
            *PERSON,
            "name",
            "address",
            "billing_address",
            "shipping_address",
            "custom_fields",
            "avatar",
            "channel_data",
            "country",
            "language",
            "position",
            "external_id",
        ),
        instead={"deleted_at": GONE, "updated_at": NOW},
    ),
    Kept(table="contact", of="companies", emptied=OF_COMPANY, instead={"updated_at": NOW}),
    Kept(
        table="deal",
        of="deals",
        emptied=("tags", "custom_fields"),
        # What was sold, and for how much, stays in the business's books.
        instead={"name": "'erased'", "updated_at": NOW},
    ),
    Kept(table="note", of="timelines", column="timeline_id"),
    Kept(table="task", of="timelines", column="timeline_id"),
    Kept(table="activity", of="timelines", column="timeline_id"),
    Kept(
        table="enquiry",
        of="enquiries",
        emptied=("title", "request_data", "message_data", "system_message", "source_url"),
    ),
    Kept(table="touch", of="leads", column="lead_id"),
    Kept(
        table="appointment",
        of="leads",
        column="lead_id",
        emptied=("note",),
        instead={"deleted_at": GONE, "updated_at": NOW},
    ),
    Kept(
        table="job",
        of="deliveries",
        whose="id IN (SELECT job_id FROM delivery WHERE id = ANY(%(deliveries)s))",
        emptied=("last_error",),
    ),
    Kept(
        table="delivery",
        of="deliveries",
        instead={
            # The ledger's key; and the link to unsubscribe goes on saying that all is well.
            "recipient": f"'{OF_ERASED}' || id",
            "state": f"CASE WHEN {WAITS} THEN '{DeliveryState.SUPPRESSED}' ELSE state END",
            # Ours is one word; a provider's may tell who it was.
            "reason": f"CASE WHEN {WAITS} THEN '{ERASED}' WHEN reason ~ '^[a-z_]*$' THEN reason ELSE '' END",
        },
    ),
    Kept(table="delivery_attempt", of="deliveries", column="delivery_id", emptied=("answer",)),
    Kept(table="event_attempt", of="events", column="event_id", emptied=("answer", "error")),
    Kept(
        table="suspect",
        of="receipts",
        whose="receipt_uid IN (SELECT uid FROM receipt WHERE id = ANY(%(receipts)s))",
    ),
    Kept(table="receipt", of="receipts", emptied=("body", "difference"), instead=RECEIPT),
    Kept(table="receipt", of="mentions", emptied=("body", "difference"), instead=RECEIPT),
)
