"""Tags: records carry them by name; a business knows each from the first record that carries it."""

from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from models.label import Tag


def know_tags(
    session: Session,
    business_id: int,
    resource_type: str,
    names: Iterable[str],
    creator_id: int | None = None,
) -> None:
    """Make the tags that the business does not know yet, for a kind of record (lead, contact or deal)."""
    rows = [
        {"business_id": business_id, "resource_type": resource_type, "name": name, "creator_id": creator_id}
        # Sorted, so that two who make the same tags wait for each other in one order.
        for name in sorted(set(names))
    ]
    if rows:
        session.execute(insert(Tag).values(rows).on_conflict_do_nothing())
