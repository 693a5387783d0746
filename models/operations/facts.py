"""Facts: what every message may tell of its person and its business, whatever it is about."""

from collections.abc import Sequence

from sqlmodel import Session

from models.operations.claim import Claimed
from models.operations.owed import Facts

# Columns of a lead `l`.
PERSON = """
    l.uid AS lead_uid, l.first_name, l.last_name, l.email, l.phone, l.address,
    l.erased_at IS NOT NULL AS is_erased,
    -- A converted lead lives on as the contact with its uid, before its history has followed and after;
    -- and who must not be written to is so under each record that has the address, however it is written.
    l.do_not_contact OR EXISTS (
        SELECT FROM contact p WHERE p.business_id = l.business_id AND p.do_not_contact AND p.uid = l.uid
    ) OR l.email <> '' AND EXISTS (
        SELECT FROM contact p
        WHERE p.business_id = l.business_id AND p.do_not_contact AND lower(p.email) = lower(l.email)
    ) AS do_not_contact
"""
# Columns of a business `b`.
BUSINESS = """
    b.name AS business_name, b.email AS business_email, b.phone AS business_phone, b.url AS business_url,
    b.timezone,
    (SELECT json_object_agg(t.name || '/' || t.part, t.source) FROM message_template t
     WHERE t.business_id = b.id) AS wording
"""


def facts_of(session: Session, query: str, jobs: Sequence[Claimed]) -> dict[int, Facts]:
    """What a query, whose parameter are the jobs' ids, tells of each job."""
    if not jobs:
        return {}
    rows = session.connection().exec_driver_sql(query, ([job.id for job in jobs],))
    return {row.job_id: dict(row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name for it
