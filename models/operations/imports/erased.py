"""Erased: who was erased here as a lead must not come back as what the lead became there since."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.lead import Lead
from models.operations.imports.kind import Row
from models.operations.imports.references import ours


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversions:
    """`rows` hold the ids there of a lead and of what it became."""

    business_id: int
    rows: Sequence[Row]


def erased_contacts(session: Session, command: Conversions) -> set[int]:
    """The ids there of contacts that such leads became; a company beside a person is not the person."""
    became = {
        row["lead_id"]: number
        for row in command.rows
        if row.get("lead_id") and (number := row.get("individual_id") or row.get("organization_id"))
    }
    known = ours(session.connection(), command.business_id, ["leads"], became)
    query = select(Lead.id).where(col(Lead.id).in_(known.values()), col(Lead.erased_at).is_not(None))
    erased = set(session.exec(query))
    return {became[lead] for lead, number in known.items() if number in erased}
