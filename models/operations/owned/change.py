"""Change and delete a lead, as its owner does: what is sent overwrites, and each change is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, select

from models.errors import NotFound
from models.lead import Lead
from models.operations.owned.assign import assignee_of, promise_reassigned
from models.operations.owned.find import DeletedLead, owned_lead
from models.operations.owned.words import told_source, told_status
from models.operations.records.people import LEADS
from models.operations.records.write import ChangeRecord, RemoveRecord, change_record, remove_record

# A lead that was converted is still its owner's.
OWNED = replace(LEADS, ended=("deleted_at",))


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeLead:
    """Write `values`, columns of a lead, into the lead with this slug; `assignee` is a username.

    None of an assignee, of a location or of a message leaves it as it is.
    """

    business_id: int
    user_id: int
    slug: str
    values: Mapping[str, str]
    location: str | None = None
    message: str | None = None
    assignee: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteLead:
    business_id: int
    user_id: int
    slug: str


def change_lead(session: Session, command: ChangeLead) -> None:
    """Raises `UnknownLead`, `NotYours`, and `UnknownUser` for the assignee."""
    lead = owned_lead(session, command.business_id, command.user_id, command.slug)
    values = values_of(session, command, lead)
    before = lead.owner_id
    change = ChangeRecord(
        kind=OWNED,
        business_id=command.business_id,
        user_id=command.user_id,
        record_id=lead.id,
        values=values,
    )
    try:
        change_record(session, change)
    except NotFound:
        raise DeletedLead("the lead was deleted just now", "slug") from None
    if lead.owner_id != before:
        promise_reassigned(session, lead)


def values_of(session: Session, command: ChangeLead, lead: Lead) -> dict[str, Any]:
    """The columns to write. A status that is shown as the wanted one stays in its own tongue's word."""
    values: dict[str, Any] = dict(command.values)
    told = select(told_status(), told_source()).where(Lead.id == lead.id)
    for column, shown in zip(("status", "source"), session.execute(told).one(), strict=True):
        if values.get(column) == shown:
            del values[column]
    if command.message is not None:
        values["description"] = command.message
    if command.location is not None:
        values |= located(lead, command.location)
    if command.assignee is not None:
        values["owner_id"] = assignee_of(session, command.business_id, command.assignee).id
    return values


def located(lead: Lead, location: str) -> dict[str, Any]:
    """A new address in one line, where there may be one in several."""
    if not lead.place:
        return {"address": location}
    return {"place": dict.fromkeys(lead.place) | {"line1": location or None}}


def delete_lead(session: Session, command: DeleteLead) -> None:
    """Hide a lead for good, and let its address be another's. Raises `UnknownLead` or `NotYours`."""
    lead = owned_lead(session, command.business_id, command.user_id, command.slug)
    removal = RemoveRecord(
        kind=OWNED, business_id=command.business_id, user_id=command.user_id, record_id=lead.id
    )
    try:
        remove_record(session, removal)
    except NotFound:
        raise DeletedLead("the lead was deleted just now", "slug") from None
