"""Outcomes: what became of each lead of a batch of conversions, by the uids that callers know."""

from dataclasses import dataclass

from sqlmodel import Session

from models.errors import UnknownConversion
from models.operations.convert_later import progress

UIDS = """
    SELECT i.id, l.uid, c.uid
    FROM conversion_item i
    JOIN lead l ON l.id = i.lead_id
    LEFT JOIN conversion v ON v.id = i.conversion_id
    LEFT JOIN contact c ON c.id = coalesce(v.individual_id, v.organization_id)
    WHERE i.batch_id = %s
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state` is pending, converted or refused; `reason` says why it was refused."""

    lead_uid: str
    contact_uid: str | None
    state: str
    reason: str


def outcomes_of(session: Session, business_id: int, uid: str) -> list[Outcome]:
    """In the order asked for. Raises `UnknownConversion`."""
    if not uid.isprintable():
        raise UnknownConversion("there is no such batch", "id")
    batch, items = progress(session, business_id, uid)
    rows = session.connection().exec_driver_sql(UIDS, (batch.id,))
    uids = {item: (lead, contact) for item, lead, contact in rows}
    return [Outcome(*uids[item.id], item.state, item.reason) for item in items]
