"""Deals of another system, and their further contacts."""

from collections.abc import Sequence

from sqlalchemy import tuple_
from sqlmodel import col, select

from models.contact import Contact
from models.deal import AssociatedContact, Deal, StageCategory
from models.operations.imports.kind import Batch, ImportKind, Row
from models.operations.imports.people import PEOPLE, know
from models.operations.imports.references import kept
from models.operations.pipelines import default_stage
from models.timeline import Owner


def leave_out_orphans(batch: Batch, rows: Sequence[Row]) -> None:
    """No new deal comes of somebody who was deleted, or erased, here."""
    fresh = [row for row in rows if row["id"] not in batch.known]
    contacts = kept(batch, Contact, ["contacts"], {row["contact_id"] for row in fresh})
    for row in fresh:
        contact = contacts.get(row["contact_id"])
        if contact is not None and contact.deleted_at is not None:
            batch.leave_out(row, f"its contact {row['contact_id']} was deleted here")


def complete_deal(batch: Batch, row: Row) -> None:
    """A deal of which no stage is told begins anew; one without a name is called by its number."""
    if row.get("stage_id") is None:
        row["stage_id"] = default_stage(batch.session, batch.business.id, StageCategory.INCOMING).id
    row["name"] = row.get("name") or f"Deal {row['id']}"
    row["currency"] = row.get("currency") or batch.business.currency


DEALS = ImportKind(
    name="deals",
    table=Deal,
    references={
        **PEOPLE,
        "contact_id": ("contacts",),
        "organization_id": ("contacts",),
        "stage_id": ("stages",),
        "source_id": ("deal_sources", "sources"),
        "loss_reason_id": ("loss_reasons",),
        "unqualified_reason_id": ("deal_unqualified_reasons",),
        "last_stage_change_by_id": ("users",),
    },
    required=frozenset({"contact_id"}),
    # A deal in another stage would be another deal.
    must_exist=frozenset({"stage_id"}),
    before=leave_out_orphans,
    complete=complete_deal,
    written=know,
    owner=Owner.DEAL,
)


def associated_here(batch: Batch, rows: Sequence[Row]) -> dict[int, int]:
    pairs = {(row["deal_id"], row["contact_id"]): row["id"] for row in rows}
    query = select(AssociatedContact.deal_id, AssociatedContact.contact_id, AssociatedContact.id).where(
        tuple_(col(AssociatedContact.deal_id), col(AssociatedContact.contact_id)).in_(list(pairs))
    )
    return {pairs[deal, contact]: number for deal, contact, number in batch.session.exec(query)}


# They have no ids there: whoever reads the list makes one of the deal's and the contact's.
ASSOCIATED = ImportKind(
    name="associated_contacts",
    table=AssociatedContact,
    references={"deal_id": ("deals",), "contact_id": ("contacts",)},
    required=frozenset({"deal_id", "contact_id"}),
    keeps_ids=False,
    is_here=associated_here,
)
