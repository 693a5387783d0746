"""Reconcile: prove that nothing is missing, row by row."""

from dataclasses import dataclass

from sqlmodel import Session

from models.job import MESSAGE_KINDS, SENDING_KINDS
from models.receipt import Verdict

VERDICTS = "SELECT verdict, count(*), coalesce(sum(promised), 0)::bigint FROM receipt GROUP BY verdict"
STATES = "SELECT state, count(*) FROM job GROUP BY state"
SENT = "SELECT state, count(*) FROM delivery GROUP BY state"

# Each check counts rows that must not be: what it means, and the query.
CHECKS = {
    "accepted requests without their lead or enquiry": """
        SELECT count(*) FROM receipt r
        LEFT JOIN lead l ON l.id = r.lead_id LEFT JOIN enquiry e ON e.id = r.enquiry_id
        WHERE r.verdict IN ('created', 'updated', 'repeat') AND (l.id IS NULL OR e.id IS NULL)
    """,
    "requests whose promised messages are not all there": """
        SELECT count(*) FROM receipt r
        LEFT JOIN (
            SELECT subject_id, count(*) AS jobs FROM job WHERE kind = ANY(%(messages)s) GROUP BY subject_id
        ) j
            ON j.subject_id = r.enquiry_id
        WHERE r.promised <> coalesce(j.jobs, 0) AND r.promised > 0
    """,
    "finished messages without a delivery in a final state": """
        SELECT count(*) FROM job j
        LEFT JOIN delivery d ON d.job_id = j.id AND d.state IN ('sent', 'suppressed')
        WHERE j.state = 'done' AND d.id IS NULL AND j.kind = ANY(%(sending)s)
    """,
    "messages sent more than twice, though no operator asked for it": """
        SELECT count(*) FROM delivery d
        WHERE d.copies > 2 AND NOT EXISTS (
            SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.outcome = 'retried'
        )
    """,
    "requests received and not decided for an hour": """
        SELECT count(*) FROM receipt
        WHERE verdict = 'received' AND received_at < clock_timestamp() - interval '1 hour'
    """,
}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The books: requests by verdict, jobs and deliveries by state, and what is missing by check."""

    received: int
    verdicts: dict[str, int]
    promised: int
    jobs: dict[str, int]
    deliveries: dict[str, int]
    missing: dict[str, int]

    @property
    def agrees(self) -> bool:
        return not any(self.missing.values()) and self.received == sum(self.verdicts.values())

    def as_document(self) -> dict[str, object]:
        return {
            "agrees": self.agrees,
            "received": self.received,
            "verdicts": self.verdicts,
            "promised": self.promised,
            "jobs": self.jobs,
            "deliveries": self.deliveries,
            "missing": self.missing,
        }


def reconcile(session: Session) -> Reconciliation:
    """Read the books, all as of one moment."""
    connection = session.connection()
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    # The books of years take longer to read than any statement of the service may.
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    names = {
        "messages": [str(kind) for kind in MESSAGE_KINDS],
        "sending": [str(kind) for kind in SENDING_KINDS],
    }
    received = connection.exec_driver_sql("SELECT count(*) FROM receipt").scalar_one()
    verdicts = {str(verdict): (0, 0) for verdict in Verdict}
    verdicts |= {row[0]: (row[1], row[2]) for row in connection.exec_driver_sql(VERDICTS)}
    return Reconciliation(
        received=received,
        verdicts={verdict: count for verdict, (count, _) in verdicts.items()},
        promised=sum(promised for _, promised in verdicts.values()),
        jobs={row[0]: row[1] for row in connection.exec_driver_sql(STATES)},
        deliveries={row[0]: row[1] for row in connection.exec_driver_sql(SENT)},
        missing={name: connection.exec_driver_sql(sql, names).scalar_one() for name, sql in CHECKS.items()},
    )
