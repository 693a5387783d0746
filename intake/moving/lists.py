"""The lists of a Zendesk Sell account: where each is asked for, and what becomes of its records here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from intake.dialects.sell import account, associated, contacts, deals, history, labels, leads, pipelines
from intake.dialects.sell.resource import Resource
from intake.moving.folder import Document
from models.operations.imports.conversions import CONVERSIONS
from models.operations.imports.deals import ASSOCIATED, DEALS
from models.operations.imports.histories import NOTES, TASKS
from models.operations.imports.kind import ImportKind
from models.operations.imports.names import LABELS, PIPELINES, STAGES, TAGS, USERS
from models.operations.imports.people import CONTACTS, LEADS

# So that a record that is created meanwhile moves no other to a page that was read.
BY_ID = {"sort_by": "id"}
ABOUT = {"resource_type": "resource_type", "resource_id": "resource_id"}


def as_told(document: Document) -> Document:
    return document


def user_as_told(document: Document) -> Document:
    """Who left is no active user here."""
    return document | {"active": document.get("status") != "inactive"}


@dataclass(frozen=True, kw_only=True, slots=True)
class List:
    """`name` is the file's, and the path's unless that is said.

    A list of which there is one for each record of another, `of`, has that record's id in its path or
    its query, and in each line as `owner`. `kind` says what becomes of the records, `columns` where each
    attribute goes once `told_as` has read it; a list without is fetched and kept alone.
    """

    name: str
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    owner: str = ""
    is_needed: bool = False
    kind: ImportKind | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    told_as: Callable[[Document], Document] = as_told


def columns_of(resource: Resource) -> dict[str, str]:
    return {attribute.name: attribute.column for attribute in resource.attributes}


def labels_of(kind: ImportKind) -> List:
    resource = next(one for one in labels.RESOURCES if one.path == f"/{kind.name}")
    return List(name=kind.name, kind=kind, columns=columns_of(resource))


# In an order in which each names only records of those before it, or of its own.
TAKEN_OVER = (
    List(
        name="users",
        is_needed=True,
        kind=USERS,
        columns=columns_of(account.users) | {"active": "active"},
        told_as=user_as_told,
    ),
    *map(labels_of, LABELS),
    List(name="tags", query=BY_ID, kind=TAGS, columns=columns_of(labels.tags)),
    List(name="pipelines", kind=PIPELINES, columns=columns_of(pipelines.pipelines)),
    # Unless it is asked for, only the first pipeline's are told.
    List(
        name="stages",
        path="stages?pipeline_id={id}",
        of="pipelines",
        owner="pipeline_id",
        kind=STAGES,
        columns=columns_of(pipelines.stages),
    ),
    List(name="contacts", query=BY_ID, is_needed=True, kind=CONTACTS, columns=columns_of(contacts.resource)),
    List(name="leads", query=BY_ID, is_needed=True, kind=LEADS, columns=columns_of(leads.resource)),
    List(name="deals", query=BY_ID, is_needed=True, kind=DEALS, columns=columns_of(deals.resource)),
    List(
        name="associated_contacts",
        path="deals/{id}/associated_contacts",
        of="deals",
        owner="deal_id",
        kind=ASSOCIATED,
        columns=columns_of(associated.resource) | {"id": "id", "deal_id": "deal_id"},
    ),
    # Before notes and tasks, which may be about a lead that is gone but for its conversion.
    List(
        name="lead_conversions",
        query={"per_page": "200"},
        kind=CONVERSIONS,
        columns={name: name for name in ("id", "created_at", *CONVERSIONS.references)},
    ),
    List(name="notes", query=BY_ID, is_needed=True, kind=NOTES, columns=columns_of(history.notes) | ABOUT),
    List(name="tasks", query=BY_ID, is_needed=True, kind=TASKS, columns=columns_of(history.tasks) | ABOUT),
)
# What has no place here yet stays in the folder, for the day after Sell is gone.
KEPT = (
    *(List(name=f"{of}_custom_fields", path=f"{of}/custom_fields") for of in ("lead", "contact", "deal")),
    *(List(name=name) for name in ("calls", "call_outcomes", "text_messages", "visits", "visit_outcomes")),
    *(List(name=name) for name in ("products", "orders", "collaborations")),
    List(name="line_items", path="orders/{id}/line_items", of="orders", owner="order_id"),
)
