"""Purge: erase what came by forms and is older than they keep it; and what was counted and has ended."""

from dataclasses import dataclass

from sqlmodel import Session

# What is erased cannot be released any more, and says so.
RECEIPTS = """
    UPDATE receipt r SET body = '', difference = NULL,
        verdict = CASE WHEN r.verdict = 'quarantined' THEN 'refused' ELSE r.verdict END,
        reason = CASE WHEN r.verdict = 'quarantined' THEN 'expired: ' || r.reason ELSE r.reason END
    FROM form f
    WHERE f.retention_days > 0 AND r.business_id = f.business_id AND r.door = 'form:' || f.uid
        AND r.received_at < clock_timestamp() - make_interval(days => f.retention_days) AND r.body <> ''
"""
ENQUIRIES = """
    UPDATE enquiry e SET request_data = '{}', message_data = '{}'
    FROM form f
    WHERE f.retention_days > 0 AND e.business_id = f.business_id AND e.door = 'form:' || f.uid
        AND e.created_at < clock_timestamp() - make_interval(days => f.retention_days)
        AND e.message_data::text <> '{}'
"""
SUSPECTS = """
    DELETE FROM suspect s USING form f
    WHERE f.retention_days > 0 AND s.form_id = f.id
        AND s.created_at < clock_timestamp() - make_interval(days => f.retention_days)
"""
# No ration is longer than a day.
COUNTS = "DELETE FROM form_count WHERE since < clock_timestamp() - interval '1 day'"


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows were emptied or taken away."""

    receipts: int
    enquiries: int
    suspects: int
    counts: int


def purge(session: Session) -> Purged:
    """Of deleted forms too. Leads, consents and touches stay; so do receipts, without what was written."""
    connection = session.connection()
    # What was kept for years takes longer to erase than any statement of the service may.
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    done = [connection.exec_driver_sql(sql).rowcount for sql in (RECEIPTS, ENQUIRIES, SUSPECTS, COUNTS)]
    return Purged(*done)
