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
from models.operations.records.kind import Draft
from models.operations.records.people import LEADS, settle_lead
from models.operations.records.write import ChangeRecord, RemoveRecord, change_record, remove_record


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeLead:
    """Write `values`, columns of a lead, into the lead with this slug; `assignee` is a username.

    Without an assignee it stays with whom it is.
    """

    business_id: int
    user_id: int
    slug: str
    values: Mapping[str, str]
    assignee: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteLead:
    business_id: int
    user_id: int
    slug: str


def settle_owned(draft: Draft) -> None:
    """Runs under the lead's lock, so that each change is compared with what is there."""
    _keep_words(draft)
    _place(draft)
    if draft.changes("owner_id"):
        promise_reassigned(draft.session, draft.record, draft.values["owner_id"])
    settle_lead(draft)


# A lead that was converted is still its owner's.
OWNED = replace(LEADS, ended=("deleted_at",), settle=settle_owned)


def change_lead(session: Session, command: ChangeLead) -> None:
    """Raises `UnknownLead`, `NotYours`, and `UnknownUser` for the assignee."""
    lead = owned_lead(session, command.business_id, command.user_id, command.slug)
    values: dict[str, Any] = dict(command.values)
    if command.assignee is not None:
        values["owner_id"] = assignee_of(session, command.business_id, command.assignee).id
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


def _keep_words(draft: Draft) -> None:
    """A status or source that is shown as the wanted one already stays in its own tongue's word."""
    told = select(told_status(), told_source()).where(Lead.id == draft.record.id)
    for column, shown in zip(("status", "source"), draft.session.execute(told).one(), strict=True):
        if draft.values.get(column) == shown:
            del draft.values[column]


def _place(draft: Draft) -> None:
    """An address in one line takes the place of one in several."""
    place = draft.record.place
    if place and "address" in draft.values:
        draft.values["place"] = {"line1": address} if (address := draft.values.pop("address")) else {}
