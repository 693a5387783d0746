"""/v2/deals."""

from datetime import date, datetime

from intake.dialects.sell.attributes import (
    BORN,
    CREATOR,
    ID,
    computed,
    custom_fields,
    day,
    decimal,
    flag,
    moment,
    percentage,
    read_only,
    read_only_moment,
    reference,
    tags,
    text,
)
from intake.dialects.sell.query import (
    by_custom_fields,
    by_flag,
    by_ids,
    by_number,
    by_text,
)
from intake.dialects.sell.resource import READ, UPSERT, WRITE, Filter, Resource
from models.operations.records.deals import DEALS


def a_day(text: str) -> date:
    """Raises `ValueError`."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError("must be a date in ISO 8601 format") from None


resource = Resource(
    type="deal",
    path="/deals",
    kind=DEALS,
    attributes=(
        ID,
        CREATOR,
        reference("owner_id", keep=True),
        text("name", required=True),
        reference("contact_id", required=True),
        read_only("organization_id"),
        decimal("value"),
        text("currency", limit=3, keep=True),
        flag("hot"),
        reference("stage_id", keep=True),
        reference("source_id"),
        reference("loss_reason_id"),
        reference("unqualified_reason_id"),
        computed("dropbox_email", lambda _: None),
        moment("last_stage_change_at", keep=True),
        read_only("last_stage_change_by_id"),
        read_only_moment("last_activity_at"),
        day("estimated_close_date"),
        percentage("customized_win_likelihood"),
        moment("added_at", keep=True),
        moment("added_on", "added_at", keep=True),
        tags(),
        custom_fields(),
        *BORN,
    ),
    filters=(
        by_ids(),
        *by_number("creator_id", "owner_id", "contact_id", "organization_id", "source_id", "stage_id"),
        *by_flag("hot"),
        *by_text("name"),
        Filter(name="estimated_close_date", column="estimated_close_date", read=a_day),
        by_custom_fields(),
    ),
    sorts=frozenset(
        {
            "id",
            "name",
            "value",
            "hot",
            "stage_id",
            "estimated_close_date",
            "last_activity_at",
            "last_stage_change_at",
            "created_at",
            "updated_at",
        }
    ),
    verbs=READ | WRITE | UPSERT,
    versioned=True,
)
