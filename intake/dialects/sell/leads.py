"""/v2/leads. A lead that was converted or deleted is not found here any more."""

from intake.dialects.sell.attributes import (
    BORN,
    CREATOR,
    ID,
    PERSON,
    Row,
    address,
    custom_fields,
    reference,
    tags,
    text,
)
from intake.dialects.sell.query import (
    by_address,
    by_custom_fields,
    by_ids,
    by_number,
    by_person,
    by_text,
)
from intake.dialects.sell.resource import READ, UPSERT, WRITE, Resource
from intake.dialects.sell.values import told_address
from models.operations.records.people import LEADS


def told_place(row: Row) -> Row:
    """The address in its lines; one that came as a single text is the first of them."""
    return told_address(row["place"] or {"line1": row["address"] or None})


resource = Resource(
    type="lead",
    path="/leads",
    kind=LEADS,
    attributes=(
        ID,
        CREATOR,
        reference("owner_id", keep=True),
        text("first_name"),
        text("last_name"),
        text("organization_name"),
        text("status", keep=True),
        reference("source_id"),
        *PERSON,
        address("address", "place", told_place),
        tags(),
        custom_fields("fields"),
        reference("unqualified_reason_id"),
        *BORN,
    ),
    filters=(
        by_ids(),
        *by_number("creator_id", "owner_id", "source_id"),
        *by_text("organization_name", "status"),
        *by_person(),
        by_address("place"),
        by_custom_fields("fields"),
    ),
    sorts=frozenset(
        {"id", "first_name", "last_name", "organization_name", "email", "created_at", "updated_at"}
    ),
    sort="updated_at",
    verbs=READ | WRITE | UPSERT,
)
