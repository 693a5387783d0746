"""Barred: contacts that must not come, since their lead came to another end here."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.conversion import Conversion, ConversionState
from models.lead import Lead
from models.operations.imports.kind import Row
from models.operations.imports.people import ERASED_HERE
from models.operations.imports.references import ours

CONVERTED_HERE = "its lead was converted here"


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversions:
    """`rows` hold the ids there of a lead and of what it became."""

    business_id: int
    rows: Sequence[Row]


def barred_contacts(session: Session, command: Conversions) -> dict[int, str]:
    """The contacts there that leads became who were erased here, or became another contact here."""
    became = {
        row["lead_id"]: number
        for row in command.rows
        # A company beside a person is not the person.
        if row.get("lead_id") and (number := row.get("individual_id") or row.get("organization_id"))
    }
    known = ours(session.connection(), command.business_id, ["leads"], became)
    ends = ends_of(session, list(known.values()))
    return {became[lead]: ends[number] for lead, number in known.items() if number in ends}


def ends_of(session: Session, leads: list[int]) -> dict[int, str]:
    converted = select(Conversion.lead_id, Conversion.moved).where(
        col(Conversion.lead_id).in_(leads), Conversion.state != ConversionState.UNDONE
    )
    erased = select(Lead.id).where(col(Lead.id).in_(leads), col(Lead.erased_at).is_not(None))
    here = {lead: CONVERTED_HERE for lead, moved in session.exec(converted) if not moved.get("imported")}
    return here | dict.fromkeys(session.exec(erased), ERASED_HERE)
