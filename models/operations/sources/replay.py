"""Replay: receipts that made no lead go through the current mapping once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, or_, select

from models.database import now
from models.job import QUEUES, JobKind
from models.operations.sources.receive import NO_LEAD
from models.operations.statements import NOTIFY
from models.receipt import Receipt, Verdict
from models.source import Source

# A receipt that a worker has, or will have, is on its way already.
UNDER_WAY = """
    SELECT subject_id FROM job
    WHERE kind = %(kind)s AND subject_id = ANY(%(receipts)s) AND state IN ('pending', 'claimed')
"""
REOPEN = "UPDATE receipt SET verdict = 'received', reason = '' WHERE id = ANY(%(receipts)s)"
REVIVE = """
    UPDATE job SET state = 'pending', attempts = 0, crashes = 0, finished_at = NULL,
        next_at = clock_timestamp(), ring_at = clock_timestamp()
    WHERE kind = %(kind)s AND subject_id = ANY(%(receipts)s) AND state = 'dead'
    RETURNING subject_id
"""
PROMISE = """
    INSERT INTO job (business_id, kind, queue, subject_id)
    SELECT business_id, %(kind)s, %(queue)s, id FROM receipt WHERE id = ANY(%(receipts)s)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """What a source sent in the time `since`: what failed, or with `everything` all that made no lead."""

    source: Source
    since: timedelta
    everything: bool = False


def replayable(session: Session, wanted: Replay) -> Sequence[Receipt]:
    """The receipts that a replay would send round, the oldest first, locked until the transaction ends."""
    verdict = col(Receipt.verdict)
    chosen = verdict == Verdict.FAILED
    if wanted.everything:
        ignored = (verdict == Verdict.REFUSED) & (col(Receipt.reason) == NO_LEAD)
        chosen = or_(chosen, verdict == Verdict.RECEIVED, ignored)
    found = session.exec(
        select(Receipt)
        .where(
            col(Receipt.business_id) == wanted.source.business_id,
            col(Receipt.door) == wanted.source.door,
            col(Receipt.received_at) >= now(session) - wanted.since,
            chosen,
        )
        .order_by(col(Receipt.id))
        .with_for_update()
    ).all()
    names = {"kind": JobKind.RECEIVE, "receipts": [receipt.id for receipt in found]}
    under_way = {row[0] for row in session.connection().exec_driver_sql(UNDER_WAY, names)}
    return [receipt for receipt in found if receipt.id not in under_way]


def replay(session: Session, wanted: Replay) -> list[str]:
    """Promise a job for each; their uids. What made a lead is never among them, so nothing is made twice."""
    receipts = replayable(session, wanted)
    ids = {receipt.id for receipt in receipts}
    names = {"kind": JobKind.RECEIVE, "queue": QUEUES[JobKind.RECEIVE], "receipts": list(ids)}
    connection = session.connection()
    connection.exec_driver_sql(REOPEN, names)
    revived = {row[0] for row in connection.exec_driver_sql(REVIVE, names)}
    connection.exec_driver_sql(PROMISE, names | {"receipts": list(ids - revived)})
    connection.exec_driver_sql(NOTIFY)
    return [receipt.uid for receipt in receipts]
