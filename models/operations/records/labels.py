"""Sources, reasons and tags: names that a business gives, and the records that carry them."""

from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select

from models.contact import Contact
from models.deal import Deal
from models.errors import Invalid, Taken
from models.label import Label, LabelKind, Tag
from models.lead import Lead
from models.operations.records.kind import Draft, Kind
from models.operations.tags import know_tags

# The table of each resource type that can carry tags.
CARRIERS: dict[str, Any] = {"lead": Lead, "contact": Contact, "deal": Deal}
# Columns that name a label of each kind.
USES: dict[str, tuple[Any, ...]] = {
    LabelKind.SOURCE: (Lead.source_id, Deal.source_id),
    LabelKind.LEAD_SOURCE: (Lead.source_id,),
    LabelKind.DEAL_SOURCE: (Deal.source_id,),
    LabelKind.LOSS_REASON: (Deal.loss_reason_id,),
    LabelKind.LEAD_UNQUALIFIED_REASON: (Lead.unqualified_reason_id,),
    LabelKind.DEAL_UNQUALIFIED_REASON: (Deal.unqualified_reason_id,),
}


def refuse_taken(draft: Draft) -> None:
    """A name is unique among those of its kind."""
    table: Any = draft.kind.table
    if not draft.changes("name"):
        return
    named = select(table.id).where(table.business_id == draft.business_id, table.name == draft.values["name"])
    named = named.where(*(getattr(table, column) == value for column, value in draft.kind.fixed.items()))
    if draft.kind.table is Tag:
        named = named.where(table.resource_type == draft.will_be("resource_type"))
    if draft.session.exec(named).first() is not None:
        raise Taken("another one has this name", "name")


def clear_uses(draft: Draft) -> None:
    """Records no longer name a label that is gone."""
    for column in USES[draft.record.kind]:
        mine = column.class_.business_id == draft.business_id
        draft.session.execute(
            update(column.class_).where(mine, column == draft.record.id).values({column: None})
        )


def make_tags(draft: Draft) -> None:
    """A tag that a record carries is one that the business knows, from then on."""
    tags = draft.values.get("tags") or []
    know_tags(draft.session, draft.business_id, draft.kind.name, tags, draft.actor.user_id)


def settle_tag(draft: Draft) -> None:
    """Under a new name, a tag stays on its records."""
    if not draft.new and draft.changes("resource_type"):
        raise Invalid("a tag stays with the type that it was made for", "resource_type")
    refuse_taken(draft)
    if not draft.new and draft.changes("name"):
        table = CARRIERS[draft.record.resource_type]
        _retag(draft, func.array_replace(table.tags, draft.record.name, draft.values["name"]))


def untag(draft: Draft) -> None:
    """A tag that is gone is gone from all records."""
    table = CARRIERS[draft.record.resource_type]
    _retag(draft, func.array_remove(table.tags, draft.record.name))


def _retag(draft: Draft, tags: Any) -> None:  # noqa: ANN401 - an expression of the database
    table = CARRIERS[draft.record.resource_type]
    tagged = (table.business_id == draft.business_id, col(table.tags).contains([draft.record.name]))
    draft.session.execute(
        update(table)
        .where(*tagged)
        .values(tags=tags, updated_at=func.clock_timestamp())
        .execution_options(synchronize_session=False)
    )


def label_kind(kind: LabelKind) -> Kind:
    """The labels of one kind, as records of their own."""
    name = "source" if kind.endswith("source") else kind.value
    return Kind(name=name, table=Label, fixed={"kind": kind.value}, settle=refuse_taken, removed=clear_uses)


LABELS = {kind: label_kind(kind) for kind in LabelKind}
SOURCES = {
    "lead": (LABELS[LabelKind.LEAD_SOURCE], LABELS[LabelKind.SOURCE]),
    "deal": (LABELS[LabelKind.DEAL_SOURCE], LABELS[LabelKind.SOURCE]),
}
TAGS = Kind(name="tag", table=Tag, settle=settle_tag, removed=untag)
