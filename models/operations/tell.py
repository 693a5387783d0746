"""Tell: the event of a captured request, and a job for each subscription that wants to hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from models.identifiers import new_uid
from models.job import QUEUES, JobKind
from models.operations.commands import Arrival
from models.operations.upsert import Row
from models.receipt import Verdict
from models.subscription import EventType

TYPES = {
    Verdict.CREATED: EventType.LEAD_CREATED,
    Verdict.UPDATED: EventType.LEAD_UPDATED,
    Verdict.REPEAT: EventType.LEAD_REPEAT,
    Verdict.QUARANTINED: EventType.RECEIPT_QUARANTINED,
    Verdict.FAILED: EventType.RECEIPT_FAILED,
}

# The jobs about the events `e`, by the uids that these were given.
JOBS = f"""
    INSERT INTO job (business_id, kind, queue, subject_id, target_id)
    SELECT e.business_id, '{JobKind.EVENT}', '{QUEUES[JobKind.EVENT]}', e.id, t.target_id
    FROM json_to_recordset(%s::json) AS t(uid text, target_id bigint) JOIN e USING (uid)
"""  # noqa: S608 - words of our own


@dataclass(frozen=True, slots=True)
class Told:
    """An event's row and the subscriptions that are told; `receipt` is the uid of one written with it."""

    row: Row
    targets: tuple[int, ...]


def event_of(
    arrival: Arrival,
    verdict: Verdict,
    *,
    subject_id: int | None = None,
    enquiry_id: int | None = None,
    receipt: str = "",
) -> list[Told]:
    """What is to be told of a request, once: nothing where nobody listens."""
    kind = TYPES.get(verdict)
    targets = tuple(listener.id for listener in arrival.listeners if kind in listener.events)
    if not targets:
        return []
    row = {
        "uid": f"evt_{new_uid()}",
        "business_id": arrival.business_id,
        "type": kind,
        "subject_id": subject_id,
        "enquiry_id": enquiry_id,
        "receipt": receipt,
    }
    return [Told(row, targets)]


def events(subject: str, source: str = "") -> str:
    """The parts of a statement that write events and their jobs; `subject` says what they are about."""
    return f"""
        e AS (INSERT INTO event (uid, business_id, type, subject_id, enquiry_id)
              SELECT k.uid, k.business_id, k.type, {subject}, k.enquiry_id
              FROM json_to_recordset(%s::json) AS k(uid text, business_id bigint, type text,
                  subject_id bigint, enquiry_id bigint, receipt text) {source}
              RETURNING id, business_id, uid),
        t AS ({JOBS})
    """  # noqa: S608 - words of our own


def parameters(told: Sequence[Told]) -> tuple[str, str]:
    """The events and their jobs as JSON texts for the two places that `events` leaves open."""
    jobs = [{"uid": one.row["uid"], "target_id": target} for one in told for target in one.targets]
    return msgspec.json.encode([one.row for one in told]).decode(), msgspec.json.encode(jobs).decode()
