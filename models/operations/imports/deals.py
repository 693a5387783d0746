"""Deals of another system, and their further contacts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models.business import Business
from models.contact import Contact
from models.deal import AssociatedContact, Deal, StageCategory
from models.operations.imports.kind import Batch, ImportKind, Loaded, Row
from models.operations.imports.people import PEOPLE, know
from models.operations.imports.references import ours, resolved
from models.operations.pipelines import default_stage
from models.timeline import Owner


def leave_out_orphans(batch: Batch, rows: Sequence[Row]) -> None:
    """No new deal comes of somebody who was deleted, or erased, here."""
    connection, business = batch.session.connection(), batch.business.id
    known = ours(connection, business, [batch.kind.name], [row["id"] for row in rows])
    fresh = [row for row in rows if row["id"] not in known and row.get("contact_id")]
    contacts = ours(connection, business, ["contacts"], {row["contact_id"] for row in fresh})
    query = select(Contact.id).where(
        col(Contact.id).in_(contacts.values()), col(Contact.deleted_at).is_not(None)
    )
    gone = set(batch.session.exec(query))
    for row in fresh:
        if contacts.get(row["contact_id"]) in gone:
            batch.loaded.left_out[row["id"]] = f"its contact {row['contact_id']} was deleted here"


def complete_deal(batch: Batch, row: Row) -> None:
    """A deal whose stage is not there begins anew; one without a name has the number it had there."""
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
    before=leave_out_orphans,
    complete=complete_deal,
    written=know,
    owner=Owner.DEAL,
)
ASSOCIATED = ImportKind(
    name="associated_contacts",
    table=AssociatedContact,
    references={"deal_id": ("deals",), "contact_id": ("contacts",)},
    required=frozenset({"deal_id", "contact_id"}),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadAssociated:
    """`rows` hold the ids there of a deal and of a contact each; `id` is the place in the list."""

    business_id: int
    rows: Sequence[Row]


def load_associated(session: Session, command: LoadAssociated) -> Loaded:
    """Further contacts have no ids of their own there; each is known by its deal and its contact."""
    batch = Batch(session, ASSOCIATED, session.get_one(Business, command.business_id))
    rows = resolved(batch, [dict(row) for row in command.rows])
    if rows:
        values = [{"business_id": command.business_id, **kept(row)} for row in rows]
        statement = insert(AssociatedContact).values(values).on_conflict_do_nothing()
        batch.loaded.new += len(session.scalars(statement.returning(col(AssociatedContact.id))).all())
    batch.loaded.same += len(rows) - batch.loaded.new
    return batch.loaded


def kept(row: Row) -> Row:
    names = ("deal_id", "contact_id", "role", "created_at", "updated_at")
    return {name: row[name] for name in names}
