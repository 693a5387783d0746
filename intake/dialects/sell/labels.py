"""/v2/tags, sources and reasons: the names that a business gives."""

from intake.dialects.sell.attributes import BORN, CREATOR, ID, choice, computed, text
from intake.dialects.sell.query import always, by_ids, by_number, by_text
from intake.dialects.sell.resource import READ, WRITE, Resource
from models.label import LabelKind
from models.operations.records.labels import CARRIERS, LABELS, TAGS

SORTS = frozenset({"id", "name", "created_at", "updated_at"})

tags = Resource(
    type="tag",
    path="/tags",
    kind=TAGS,
    attributes=(
        ID,
        CREATOR,
        text("name", limit=200, required=True),
        choice("resource_type", *CARRIERS, required=True),
        *BORN,
    ),
    filters=(by_ids(), *by_number("creator_id"), *by_text("name", "resource_type")),
    sorts=SORTS,
    sort="updated_at",
)


def label(path: str, kind: LabelKind, verbs: frozenset[str] = READ | WRITE) -> Resource:
    """Labels of one kind. Some sources tell which records they are for; nobody can change that."""
    of = {LabelKind.LEAD_SOURCE: "lead", LabelKind.DEAL_SOURCE: "deal"}.get(kind)
    told = [computed("resource_type", lambda _: of)] if of else []
    asked = [always("resource_type", of)] if of else []
    return Resource(
        type=LABELS[kind].name,
        path=path,
        kind=LABELS[kind],
        attributes=(ID, CREATOR, text("name", limit=200, required=True), *told, *BORN),
        filters=(by_ids(), *by_text("name"), *asked),
        sorts=SORTS,
        verbs=verbs,
    )


RESOURCES = (
    tags,
    label("/sources", LabelKind.SOURCE),
    label("/lead_sources", LabelKind.LEAD_SOURCE),
    label("/deal_sources", LabelKind.DEAL_SOURCE),
    label("/loss_reasons", LabelKind.LOSS_REASON),
    label("/deal_unqualified_reasons", LabelKind.DEAL_UNQUALIFIED_REASON),
    label("/lead_unqualified_reasons", LabelKind.LEAD_UNQUALIFIED_REASON, frozenset({"list"})),
)
