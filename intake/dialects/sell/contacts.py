"""/v2/contacts: individuals and organizations."""

from intake.dialects.sell.attributes import (
    BORN,
    CREATOR,
    ID,
    PERSON,
    address,
    choice,
    custom_fields,
    flag,
    reference,
    tags,
    text,
)
from intake.dialects.sell.query import (
    by_address,
    by_custom_fields,
    by_flag,
    by_ids,
    by_number,
    by_person,
    by_text,
)
from intake.dialects.sell.resource import READ, UPSERT, WRITE, Resource
from models.operations.records.people import CONTACTS

resource = Resource(
    type="contact",
    path="/contacts",
    kind=CONTACTS,
    attributes=(
        ID,
        CREATOR,
        reference("owner_id", keep=True),
        flag("is_organization"),
        reference("contact_id"),
        reference("parent_organization_id"),
        text("name"),
        text("first_name"),
        text("last_name"),
        choice("customer_status", "none", "current", "past"),
        choice("prospect_status", "none", "current", "lost"),
        *PERSON,
        address("address"),
        address("billing_address"),
        address("shipping_address"),
        tags(),
        custom_fields(),
        *BORN,
    ),
    filters=(
        by_ids(),
        *by_number("creator_id", "owner_id", "contact_id"),
        *by_flag("is_organization"),
        *by_text("name"),
        *by_person(),
        by_address("address"),
        by_custom_fields(),
    ),
    sorts=frozenset({"id", "name", "first_name", "last_name", "email", "created_at", "updated_at"}),
    sort="last_name",
    verbs=READ | WRITE | UPSERT,
)
