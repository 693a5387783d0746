"""What is kept of a person, table by table: which rows, and what of them must not stay when they are erased.

tests/person/test_kept.py holds this to every column there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import LargeBinary, Text

from models.delivery import ERASED, DeliveryState
from models.receipt import Verdict
from models.tables import METADATA

NOW = "clock_timestamp()"
ON_TIMELINE = "timeline_id = ANY(%(timelines)s)"
OF_LEAD = "lead_id = ANY(%(leads)s)"
WAITS = "state IN ('owed', 'deferred')"
OPEN = "verdict IN ('received', 'quarantined', 'failed')"
OPAQUE = """NOT EXISTS (
    SELECT FROM unnest(%(addresses)s::text[]) AS a WHERE position(a IN lower(idempotency_key)) > 0
)"""
PERSON = (
    "first_name", "last_name", "email", "phone", "phone_e164", "title", "description", "industry", "website",
    "mobile", "fax", "twitter", "facebook", "linkedin", "skype", "tags",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Rows of one table. Where neither `emptied` nor `instead` names a column, the whole row goes.

    `instead` is SQL for columns that cannot be empty, or that say that the rest is.
    """

    table: str
    whose: str
    emptied: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)

    @property
    def erasing(self) -> str:
        """The statement that erases it."""
        values = {name: nothing(self.table, name) for name in self.emptied} | dict(self.instead)
        if not values:
            return f"DELETE FROM {self.table} WHERE {self.whose}"  # noqa: S608 - names of our own
        said = ", ".join(f"{name} = {value}" for name, value in values.items())
        return f"UPDATE {self.table} SET {said} WHERE {self.whose}"  # noqa: S608

    @property
    def telling(self) -> str:
        """The statement that reads it."""
        return f"SELECT * FROM {self.table} WHERE {self.whose} ORDER BY 1"  # noqa: S608


def nothing(table: str, column: str) -> str:
    """An empty value of a column's type, as PostgreSQL reads it."""
    found = METADATA.tables[table].columns[column]
    if found.nullable:
        return "NULL"
    return "''" if isinstance(found.type, Text | LargeBinary) else "'{}'"


KEPT = (
    Kept(
        table="lead",
        whose="id = ANY(%(leads)s)",
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
            "deleted_at": f"coalesce(deleted_at, {NOW})",
            "erased_at": f"coalesce(erased_at, {NOW})",
            "updated_at": NOW,
        },
    ),
    Kept(table="identity", whose=OF_LEAD),
    Kept(
        table="contact",
        whose="id = ANY(%(contacts)s)",
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
        instead={"deleted_at": f"coalesce(deleted_at, {NOW})", "updated_at": NOW},
    ),
    Kept(
        table="deal",
        whose="id = ANY(%(deals)s)",
        emptied=("tags", "custom_fields"),
        # What was sold, and for how much, stays in the business's books.
        instead={"name": "'erased'", "updated_at": NOW},
    ),
    Kept(table="note", whose=ON_TIMELINE),
    Kept(table="task", whose=ON_TIMELINE),
    Kept(table="activity", whose=ON_TIMELINE),
    Kept(
        table="enquiry",
        whose="id = ANY(%(enquiries)s)",
        emptied=("title", "request_data", "message_data", "system_message", "source_url"),
    ),
    Kept(table="touch", whose=OF_LEAD),
    Kept(table="consent", whose=OF_LEAD),
    Kept(
        table="appointment",
        whose=OF_LEAD,
        emptied=("note",),
        instead={"deleted_at": f"coalesce(deleted_at, {NOW})", "updated_at": NOW},
    ),
    Kept(
        table="delivery",
        whose="id = ANY(%(deliveries)s)",
        instead={
            # The ledger's key; and the link to unsubscribe goes on saying that all is well.
            "recipient": "'erased:' || id",
            "state": f"CASE WHEN {WAITS} THEN '{DeliveryState.SUPPRESSED}' ELSE state END",
            "reason": f"CASE WHEN {WAITS} THEN '{ERASED}' ELSE reason END",
        },
    ),
    Kept(table="delivery_attempt", whose="delivery_id = ANY(%(deliveries)s)", emptied=("answer",)),
    Kept(table="event_attempt", whose="event_id = ANY(%(events)s)", emptied=("answer", "error")),
    # Before the receipts, whose uids it has.
    Kept(
        table="suspect",
        whose="receipt_uid IN (SELECT uid FROM receipt WHERE id = ANY(%(receipts)s))",
    ),
    Kept(
        table="receipt",
        whose="id = ANY(%(receipts)s)",
        emptied=("body", "difference"),
        instead={
            # A late repetition of the request is known by its key still, unless that tells who it was.
            "idempotency_key": f"CASE WHEN {OPAQUE} THEN idempotency_key END",
            "fingerprint": f"CASE WHEN {OPAQUE} THEN fingerprint END",
            # What waits for somebody can be worked on no more, and says so.
            "verdict": f"CASE WHEN {OPEN} THEN '{Verdict.REFUSED}' ELSE verdict END",
            "reason": f"CASE WHEN {OPEN} THEN '{ERASED}' ELSE reason END",
        },
    ),
)
