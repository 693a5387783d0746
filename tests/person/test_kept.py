"""Each column of each table is either erased with a person, or known to say nothing of one."""

import pytest
from sqlalchemy import LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.types import TypeEngine

from models.operations.person.kept import KEPT
from models.tables import METADATA

SPEAKING = (Text, JSON, LargeBinary)

# Who the business and its staff are, how it is set up, and what is due, by ids.
OF_BUSINESS = {
    "associated_contact", "business", "conversion", "conversion_batch", "conversion_item", "directory",
    "event", "follow", "form", "form_count", "imported", "label", "lead_tally", "message_template",
    "owner_channel", "pipeline", "silence", "source", "staff", "stage", "subscription", "tag", "timeline",
    "token",
}  # fmt: skip
# Erased by statements of their own.
APART = {"suppression", "erasure"}
# What stays of an emptied row: states, doors, random ids, and words of the business's own.
STAYS = {
    "lead": {"uid", "status", "source"},
    "contact": {"uid", "customer_status", "prospect_status", "type", "source"},
    "deal": {"currency"},
    "enquiry": {"uid", "door", "source"},
    "appointment": {"uid", "status"},
    "delivery": {"cause", "channel", "template", "form", "message_id", "provider_id", "unsubscribe_token"},
    "delivery_attempt": {"outcome", "code"},
    "event_attempt": set(),
    "receipt": {"uid", "door", "content_type", "matched_on"},
    "job": {"kind", "queue", "state"},
}


def speaks(kind: TypeEngine[object]) -> bool:
    return isinstance(kind.item_type if isinstance(kind, ARRAY) else kind, SPEAKING)


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_it_forgets_no_column(table: str) -> None:
    kept = [one for one in KEPT if one.table == table]
    if not kept:
        assert table in OF_BUSINESS | APART
        return
    # Of a company less goes than of an individual.
    erased = {*kept[0].emptied, *kept[0].instead}
    if not erased:
        return
    columns = {column.name for column in METADATA.tables[table].columns if speaks(column.type)}
    assert columns - erased == STAYS[table]
