"""Capture: the one way in which a person enters the system, for one request or a hundred at once.

The steps are written once and know no driver: each `yield` is a list of statements that share one
round trip. A session runs them one after another (`capture_lead`), the web's capture lane pipelines
them. Locks on the identities come first and in sorted order, then the look-up in a statement of its
own, whose snapshot is younger than the locks: so no two callers insert one person, and none deadlock
(reliability.md finding 13, promise P38).
"""

import hashlib
from collections.abc import Generator, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlmodel import Session

from models.errors import Refusal
from models.job import LISTEN_CHANNEL, QUEUES
from models.operations.commands import Captured, CaptureLead, Command
from models.operations.plan import Answer, Key, Plan
from models.operations.rows import Identity
from models.operations.upsert import Row

Statement = tuple[str, tuple[Any, ...]]
Rows = list[tuple[Any, ...]]
Steps = Generator[list[Statement], list[Rows], list[Answer]]

LEAD = (
    "id", "business_id", "uid", "slug", "timeline_id", "email", "unique_id", "first_name", "last_name",
    "phone", "phone_e164", "address", "status", "creator_id", "owner_id", "source", "source_url",
    "tags", "fields",
    "opt_in", "opt_in_at", "opt_in_source", "sms_opt_in", "sms_opt_in_at", "sms_opt_in_source",
)  # fmt: skip
IMMUTABLE = ("id", "business_id", "uid", "slug", "timeline_id", "creator_id", "owner_id", "fields")
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

LOCK = "SELECT count(pg_advisory_xact_lock(k)) FROM unnest(%s::bigint[]) AS k"
LOOK_UP = f"""
    SELECT i.kind, i.value, {", ".join(f"l.{name}" for name in LEAD)}
    FROM json_to_recordset(%s::json) AS k(business_id bigint, kind text, value text)
    JOIN identity i USING (business_id, kind, value)
    JOIN lead l ON l.id = i.lead_id
    ORDER BY l.id FOR NO KEY UPDATE OF l
"""  # noqa: S608 - names of our own columns
REPLAYS = """
    SELECT r.business_id, r.idempotency_key, r.fingerprint, r.verdict,
        coalesce(l.uid, ''), coalesce(e.uid, '')
    FROM json_to_recordset(%s::json) AS k(business_id bigint, idempotency_key text)
    JOIN receipt r USING (business_id, idempotency_key)
    LEFT JOIN lead l ON l.id = r.lead_id
    LEFT JOIN enquiry e ON e.id = r.enquiry_id
"""
# Sequences are read as they are, whatever the snapshot, so ids can be drawn with the locks.
RESERVE = """
    WITH locked AS MATERIALIZED (SELECT count(pg_advisory_xact_lock(k)) FROM unnest(%s::bigint[]) AS k)
    SELECT nextval('lead_id_seq'), nextval('timeline_id_seq'), nextval('enquiry_id_seq'), clock_timestamp()
    FROM locked, generate_series(1, %s)
"""
NOTIFY = f"SELECT pg_notify('{LISTEN_CHANNEL}', '')"


def insert(table: str, columns: Iterable[str]) -> str:
    """The statement that inserts a JSON array of rows, typed by the table itself."""
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s::json)"  # noqa: S608
    )


def update_leads() -> str:
    """The statement that writes what may change on known leads."""
    assignments = ", ".join(f"{name} = r.{name}" for name in LEAD if name not in IMMUTABLE)
    return (
        f"UPDATE lead SET {assignments}, updated_at = clock_timestamp() "  # noqa: S608
        "FROM json_populate_recordset(NULL::lead, %s::json) r WHERE lead.id = r.id"
    )


# One statement writes a batch. Parts without rows cost a parse of `[]`.
WRITE = f"""
    WITH l AS ({insert("lead", LEAD)}),
         u AS ({update_leads()}),
         i AS ({insert("identity", IDENTITY)}),
         e AS ({insert("enquiry", ENQUIRY)}),
         j AS ({insert("job", JOB)}),
         r AS ({insert("receipt", RECEIPT)})
    {NOTIFY} WHERE %s
"""
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
    UPDATE receipt SET {", ".join(f"{name} = r.{name}" for name in SETTLED)}
    FROM json_populate_recordset(NULL::receipt, %s::json) r WHERE receipt.id = r.id
"""  # noqa: S608 - names of our own columns
# Receipts and the jobs about them, which need the ids that the receipts are given.
KEEP = f"""
    WITH r AS ({insert("receipt", RECEIPT)} RETURNING id, business_id, uid),
         j AS (INSERT INTO job (business_id, kind, queue, subject_id)
               SELECT r.business_id, k.kind, k.queue, r.id
               FROM json_to_recordset(%s::json) AS k(uid text, kind text, queue text) JOIN r USING (uid))
    {NOTIFY}
"""  # noqa: S608 - names of our own columns


def capture(commands: Sequence[Command]) -> Steps:
    """Take in a batch, in order of arrival; the answers come in the same order.

    A generator of statements: send it their rows, and catch the answers in its StopIteration.
    """
    leads = [command for command in commands if isinstance(command, CaptureLead)]
    identities = [identity for command in leads for identity in identities_of(command)]
    keys = [
        (command.arrival.business_id, command.arrival.idempotency_key)
        for command in commands
        if command.arrival.idempotency_key
    ]
    locked = array(locks([*identities, *keys]))
    reading: list[Statement] = []
    if leads:
        known = records(("business_id", "kind", "value"), identities)
        reading = [(RESERVE, (locked, len(leads))), (LOOK_UP, (known,))]
    elif keys:
        reading = [(LOCK, (locked,))]
    if keys:
        reading.append((REPLAYS, (records(("business_id", "idempotency_key"), keys),)))
    rows = yield reading
    reserved, found = rows[:2] if leads else ([], [])
    plan = prepare(reserved, found, rows[-1] if keys else [])
    answers = [plan.take(command) for command in commands]
    yield written(plan)
    return answers


def identities_of(command: CaptureLead) -> list[Identity]:
    business = command.arrival.business_id
    return [(business, str(kind), value) for kind, value in command.identities().items()]


def records(names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> str:
    """Rows as a JSON text for json_to_recordset()."""
    return msgspec.json.encode([dict(zip(names, row, strict=True)) for row in rows]).decode()


def array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array."""
    return f"{{{','.join(map(str, numbers))}}}"


def locks(names: Iterable[tuple[Any, ...]]) -> list[int]:
    """The advisory locks of identities and keys: 64 bits of a hash each, sorted so that nobody deadlocks."""
    digests = {hashlib.blake2b(repr(name).encode(), digest_size=8).digest() for name in names}
    return sorted(int.from_bytes(digest, "big", signed=True) for digest in digests)


def prepare(reserved: Rows, found: Rows, replays: Rows) -> Plan:
    """Start the plan of a batch from what the database knows."""
    known: dict[Identity, Row] = {}
    by_id: dict[int, Row] = {}
    for kind, value, *columns in found:
        lead = by_id.setdefault(columns[0], dict(zip(LEAD, columns, strict=True)))
        known[lead["business_id"], kind, value] = lead
    answered: dict[Key, tuple[str, Captured]] = {
        (business, key): (fingerprint, Captured(verdict=verdict, lead_uid=lead, enquiry_uid=enquiry))
        for business, key, fingerprint, verdict, lead, enquiry in replays
    }
    ids = [(lead, timeline, enquiry) for lead, timeline, enquiry, _ in reversed(reserved)]
    now = reserved[0][3] if reserved else datetime.now(UTC)
    return Plan(known=known, ids=ids, now=now, answered=answered)


def written(plan: Plan) -> list[Statement]:
    """The statements that write a plan; none where every answer was a replay."""
    parts = (
        list(plan.leads.values()),
        list(plan.updates.values()),
        plan.identities,
        plan.enquiries,
        plan.jobs,
        plan.receipts,
    )
    statements: list[Statement] = []
    if any(parts):
        statements.append((WRITE, (*(encoded(part) for part in parts), bool(plan.jobs))))
    if plan.settled:
        statements.append((SETTLE, (encoded(plan.settled),)))
    if plan.kept:
        jobs = [{"uid": row["uid"], "kind": kind, "queue": QUEUES[kind]} for row, kind in plan.kept]
        statements.append((KEEP, (encoded([row for row, _ in plan.kept]), encoded(jobs))))
    return statements


def encoded(rows: Sequence[Row]) -> str:
    """Rows as a JSON text for json_populate_recordset()."""
    return msgspec.json.encode(rows).decode()


def capture_lead(session: Session, command: Command) -> Captured:
    """Take in one request, or keep its receipt, in a session's own transaction. Raises a `Refusal`."""
    answer = capture_all(session, [command])[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer


def capture_all(session: Session, commands: Sequence[Command]) -> list[Answer]:
    """Take in a batch in a session's own transaction; the answers come in the same order."""
    connection = session.connection()
    steps = capture(commands)
    statements = next(steps)
    try:
        while True:
            results: list[Rows] = []
            for sql, parameters in statements:
                cursor = connection.exec_driver_sql(sql, parameters)
                results.append([tuple(row) for row in cursor] if cursor.returns_rows else [])
            statements = steps.send(results)
    except StopIteration as end:
        answers: list[Answer] = end.value
        return answers
