"""Capture: the one way in which a person enters the system, for one request or many at once.

The steps are written once and know no driver: each `yield` is a list of statements that share one
round trip. A session runs them one after another (`capture_lead`), the web's capture lane pipelines
them. Locks on the identities come first and in sorted order, then the look-up in a statement of its
own, whose snapshot is younger than the locks: so no two callers insert one person, and none deadlock
(reliability.md finding 13, promise P38).
"""

from collections.abc import Generator, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlmodel import Session

from models.errors import Refusal
from models.job import QUEUES
from models.operations import visits
from models.operations.commands import Captured, CaptureLead, Command
from models.operations.listeners import listeners_of
from models.operations.locks import LOCK, array, locks
from models.operations.plan import Answer, Key, Plan
from models.operations.rows import Identity
from models.operations.statements import (
    KEEP,
    LEAD,
    LOOK_UP,
    REPLAYED,
    REPLAYS,
    RESERVE,
    SETTLE,
    TELL,
    UPDATE,
    WRITE,
)
from models.operations.tell import parameters
from models.operations.upsert import Row

Statement = tuple[str, tuple[Any, ...]]
Rows = list[tuple[Any, ...]]
Steps = Generator[list[Statement], list[Rows], list[Answer]]


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
    rations = visits.rations_of(commands)
    locked = array(locks([*identities, *keys, *visits.locked_names(rations)]))
    reading: list[Statement] = []
    if leads:
        known = records(("business_id", "kind", "value"), identities)
        reading = [(RESERVE, (locked, len(leads))), (LOOK_UP, (known,))]
    elif keys or rations:
        reading = [(LOCK, (locked,))]
    if keys:
        reading.append((REPLAYS, (records(("business_id", "idempotency_key"), keys),)))
    if rations:
        reading.append((visits.LOOK_UP, (records(visits.ASKED, visits.asked(rations)),)))
    rows = yield reading
    seen = rows.pop() if rations else []
    reserved, found = rows[:2] if leads else ([], [])
    plan = prepare(reserved, found, rows[-1] if keys else [])
    plan.visits.seen = {(form, name): (times, since) for form, name, times, since in seen}
    answers = [plan.take(command) for command in commands]
    yield written(plan)
    return answers


def identities_of(command: CaptureLead) -> list[Identity]:
    business = command.arrival.business_id
    return [(business, str(kind), value) for kind, value in command.identities().items()]


def records(names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> str:
    """Rows as a JSON text for json_to_recordset()."""
    return msgspec.json.encode([dict(zip(names, row, strict=True)) for row in rows]).decode()


def prepare(reserved: Rows, found: Rows, replays: Rows) -> Plan:
    """Start the plan of a batch from what the database knows."""
    known: dict[Identity, Row] = {}
    by_id: dict[int, Row] = {}
    for kind, value, *columns in found:
        lead = by_id.setdefault(columns[0], dict(zip(LEAD, columns, strict=True)))
        known[lead["business_id"], kind, value] = lead
    answered: dict[Key, tuple[str, Captured]] = {
        (business, key): (fingerprint, Captured(**dict(zip(REPLAYED, facts, strict=True))))
        for business, key, fingerprint, *facts in replays
    }
    ids = [(lead, timeline, enquiry) for lead, timeline, enquiry, _ in reversed(reserved)]
    now = reserved[0][3] if reserved else datetime.now(UTC)
    return Plan(known=known, ids=ids, now=now, answered=answered)


def written(plan: Plan) -> list[Statement]:
    """The statements that write a plan; none where every answer was a replay."""
    parts = (list(plan.leads.values()), plan.identities, plan.enquiries, plan.jobs, plan.receipts)
    statements: list[Statement] = []
    if plan.updates:
        statements.append((UPDATE, (encoded(list(plan.updates.values())),)))
    if any(parts):
        statements.append((WRITE, (*(encoded(part) for part in parts), bool(plan.jobs))))
    if plan.settled:
        statements.append((SETTLE, (encoded(plan.settled),)))
    if plan.kept:
        jobs = [{"uid": row["uid"], "kind": kind, "queue": QUEUES[kind]} for row, kind in plan.kept if kind]
        receipts = encoded([row for row, _ in plan.kept])
        statements.append((KEEP, (receipts, encoded(jobs), *parameters(plan.told_of_kept))))
    if plan.told:
        statements.append((TELL, parameters(plan.told)))
    return statements + [
        (sql, (encoded(rows),))
        for sql, rows in (
            (visits.COUNT_UP, plan.visits.counted()),
            (visits.KEEP_TOUCH, plan.visits.touches),
            (visits.KEEP_CONSENT, plan.visits.consents),
            (visits.KEEP_SUSPECT, plan.visits.suspects),
        )
        if rows
    ]


def encoded(rows: Sequence[Row]) -> str:
    """Rows as a JSON text for json_to_recordset()."""
    return msgspec.json.encode(rows).decode()


def capture_lead(session: Session, command: Command) -> Captured:
    """Take in one request, or keep its receipt, in a session's own transaction. Raises a `Refusal`.

    Whoever subscribed is looked up here; the web's doors know it beforehand.
    """
    listeners = listeners_of(session, command.arrival.business_id)
    told = replace(command, arrival=replace(command.arrival, listeners=listeners))
    answer = capture_all(session, [told])[0]
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
