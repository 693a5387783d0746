"""Probe: how far a test lead has come on its way."""

from dataclasses import dataclass

from sqlmodel import Session

from models.job import MESSAGE_KINDS
from models.operations.consent import PROBE

# By when it came, since receipts have no index on their uids: a probe is of the last hour.
SEEN = """
    SELECT r.verdict, coalesce(l.uid, '') AS lead_uid, r.promised,
        (SELECT count(*) FROM job j WHERE j.subject_id = r.enquiry_id AND j.kind = ANY(%(messages)s)
            AND j.state = 'done') AS done,
        (SELECT count(*) FROM job j JOIN delivery d ON d.job_id = j.id
            WHERE j.subject_id = r.enquiry_id AND j.kind = ANY(%(messages)s)
            AND d.state = 'suppressed' AND d.reason = %(probe)s) AS suppressed
    FROM receipt r LEFT JOIN lead l ON l.id = r.lead_id
    WHERE r.uid = %(receipt)s AND r.received_at > clock_timestamp() - interval '1 hour'
"""


@dataclass(frozen=True, slots=True)
class Steps:
    """What became of a probe so far; `done` and `suppressed` count messages."""

    verdict: str = ""
    lead_uid: str = ""
    promised: int = 0
    done: int = 0
    suppressed: int = 0


def seen_of(session: Session, receipt: str) -> Steps:
    names = {"receipt": receipt, "probe": PROBE, "messages": [str(kind) for kind in MESSAGE_KINDS]}
    row = session.connection().exec_driver_sql(SEEN, names).first()
    return Steps(*row) if row else Steps()
