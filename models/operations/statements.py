"""The statements of a capture, which know the tables and no driver."""

from collections.abc import Iterable, Sequence

from sqlalchemy.dialects import postgresql

from models.job import LISTEN_CHANNEL
from models.operations.tell import events
from models.tables import METADATA

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

LEAD = (
    "id", "business_id", "uid", "slug", "timeline_id", "email", "unique_id", "first_name", "last_name",
    "phone", "phone_e164", "address", "status", "creator_id", "owner_id", "source", "source_url",
    "tags", "fields",
    "opt_in", "opt_in_at", "opt_in_source", "sms_opt_in", "sms_opt_in_at", "sms_opt_in_source",
)  # fmt: skip
IMMUTABLE = ("id", "business_id", "uid", "slug", "timeline_id", "creator_id", "owner_id", "fields")
CHANGING = tuple(name for name in LEAD if name not in IMMUTABLE)
IDENTITY = ("business_id", "kind", "value", "lead_id")
ENQUIRY = (
    "id", "business_id", "uid", "timeline_id", "door", "title", "request_data", "message_data",
    "system_message", "source", "source_url", "identity_conflict",
)  # fmt: skip
JOB = ("business_id", "kind", "queue", "subject_id", "target_id")
RECEIPT = (
    "uid", "business_id", "token_id", "door", "verdict", "reason", "content_type", "body", "lead_id",
    "enquiry_id", "matched_on", "difference", "identity_conflict", "promised",
    "idempotency_key", "fingerprint",
)  # fmt: skip

LOOK_UP = f"""
    SELECT i.kind, i.value, {", ".join(f"l.{name}" for name in LEAD)}
    FROM json_to_recordset(%s::json) AS k(business_id bigint, kind text, value text)
    JOIN identity i USING (business_id, kind, value)
    JOIN lead l ON l.id = i.lead_id
    ORDER BY l.id FOR NO KEY UPDATE OF l
"""  # noqa: S608 - names of our own columns
REPLAYS = """
    SELECT r.business_id, r.idempotency_key, r.fingerprint, r.verdict,
        l.id, coalesce(l.uid, ''), coalesce(l.slug, ''), coalesce(e.uid, '')
    FROM json_to_recordset(%s::json) AS k(business_id bigint, idempotency_key text)
    JOIN receipt r USING (business_id, idempotency_key)
    LEFT JOIN lead l ON l.id = r.lead_id
    LEFT JOIN enquiry e ON e.id = r.enquiry_id
"""
REPLAYED = ("verdict", "lead_id", "lead_uid", "lead_slug", "enquiry_uid")
# Sequences are read as they are, whatever the snapshot, so ids can be drawn with the locks.
RESERVE = """
    WITH locked AS MATERIALIZED (SELECT count(pg_advisory_xact_lock(k)) FROM unnest(%s::bigint[]) AS k)
    SELECT nextval('lead_id_seq'), nextval('timeline_id_seq'), nextval('enquiry_id_seq'), clock_timestamp()
    FROM locked, generate_series(1, %s)
"""
NOTIFY = f"SELECT pg_notify('{LISTEN_CHANNEL}', '')"


def recordset(table: str, columns: Iterable[str]) -> str:
    """A JSON array of rows `r` of some columns of a table: the rest of them would cost as much as these."""
    types = METADATA.tables[table].columns
    typed = ", ".join(f"{name} {types[name].type.compile(DIALECT)}" for name in columns)
    return f"json_to_recordset(%s::json) AS r({typed})"


def insert(table: str, columns: Sequence[str]) -> str:
    """The statement that inserts a JSON array of rows."""
    names = ", ".join(columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {recordset(table, columns)}"  # noqa: S608


# One statement writes a batch.
WRITE = f"""
    WITH l AS ({insert("lead", LEAD)}),
         i AS ({insert("identity", IDENTITY)}),
         e AS ({insert("enquiry", ENQUIRY)}),
         j AS ({insert("job", JOB)}),
         r AS ({insert("receipt", RECEIPT)})
    {NOTIFY} WHERE %s
"""
# What may change on known leads; most requests of somebody who is known change nothing.
UPDATE = f"""
    UPDATE lead SET {", ".join(f"{name} = r.{name}" for name in CHANGING)}, updated_at = clock_timestamp()
    FROM {recordset("lead", ("id", *CHANGING))} WHERE lead.id = r.id
"""  # noqa: S608 - names of our own columns
# The verdicts of receipts that stood already.
SETTLED = (
    "verdict",
    "reason",
    "lead_id",
    "enquiry_id",
    "matched_on",
    "difference",
    "identity_conflict",
    "promised",
)
SETTLE = f"""
    UPDATE receipt SET {", ".join(f"{name} = r.{name}" for name in SETTLED)}, decided_at = clock_timestamp()
    FROM {recordset("receipt", ("id", *SETTLED))} WHERE receipt.id = r.id
"""  # noqa: S608 - names of our own columns
# Receipts, and the jobs and events about them, which need the ids that the receipts are given.
KEEP = f"""
    WITH r AS ({insert("receipt", RECEIPT)} RETURNING id, business_id, uid),
         j AS (INSERT INTO job (business_id, kind, queue, subject_id)
               SELECT r.business_id, k.kind, k.queue, r.id
               FROM json_to_recordset(%s::json) AS k(uid text, kind text, queue text) JOIN r USING (uid)),
         {events("r.id", "JOIN r ON r.uid = k.receipt")}
    {NOTIFY}
"""  # noqa: S608 - names of our own columns
TELL = f"WITH {events('k.subject_id')} {NOTIFY}"
