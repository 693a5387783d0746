"""Reattach: a converted lead's timeline goes to its contact, and whoever else shows it follows.

Notes, tasks, enquiries and activities carry the timeline's id, so one row is re-pointed whatever the
length of the history; what is written to the lead meanwhile or later follows by itself (P37).
"""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from models.activity import Activity, ActivityKind
from models.conversion import Conversion, ConversionState
from models.database import now
from models.lead import Lead
from models.operations.actor import SYSTEM
from models.timeline import Follow, Owner, Timeline


def begin_reattach(session: Session, conversion_id: int) -> None:
    """Note that a worker has begun."""
    conversion = locked(session, conversion_id)
    if conversion is not None and conversion.state == ConversionState.CONVERTED:
        conversion.state = ConversionState.REATTACHING


def reattach(session: Session, conversion_id: int) -> bool:
    """Move the history of a conversion; False where that was done before. Running twice is harmless."""
    conversion = locked(session, conversion_id)
    if conversion is None or conversion.state not in (ConversionState.CONVERTED, ConversionState.REATTACHING):
        return False
    lead = session.get_one(Lead, conversion.lead_id)
    owner = conversion.individual_id or conversion.organization_id or 0
    point(session, conversion.business_id, lead.timeline_id, Owner.CONTACT, owner)
    followers = followers_of(conversion)
    if followers:
        session.execute(
            insert(Follow).values([row(conversion, lead, one) for one in followers]).on_conflict_do_nothing()
        )
    conversion.state = ConversionState.COMPLETE
    conversion.completed_at = now(session)
    conversion.moved = {
        "timeline": lead.timeline_id,
        "from": [Owner.LEAD, lead.id],
        "to": [Owner.CONTACT, owner],
        "follows": [list(one) for one in followers],
    }
    session.add(told(conversion, lead, owner))
    return True


def told(conversion: Conversion, lead: Lead, contact_id: int) -> Activity:
    return SYSTEM.did(
        business_id=conversion.business_id,
        timeline_id=lead.timeline_id,
        kind=ActivityKind.REATTACHED,
        description="History attached to the contact",
        old_value=f"{Owner.LEAD} {lead.id}",
        new_value=f"{Owner.CONTACT} {contact_id}",
    )


def locked(session: Session, conversion_id: int) -> Conversion | None:
    return session.exec(select(Conversion).where(Conversion.id == conversion_id).with_for_update()).first()


def followers_of(conversion: Conversion) -> list[tuple[Owner, int]]:
    """The organization beside an individual, and the deal."""
    followers = []
    if conversion.individual_id is not None and conversion.organization_id is not None:
        followers.append((Owner.CONTACT, conversion.organization_id))
    if conversion.deal_id is not None:
        followers.append((Owner.DEAL, conversion.deal_id))
    return followers


def row(conversion: Conversion, lead: Lead, follower: tuple[Owner, int]) -> dict[str, object]:
    return {
        "business_id": conversion.business_id,
        "follower_type": follower[0],
        "follower_id": follower[1],
        "timeline_id": lead.timeline_id,
    }


def point(session: Session, business_id: int, timeline_id: int, owner_type: Owner, owner_id: int) -> None:
    """Give a timeline to a record. A lead's own has no row before the first time."""
    values = {"id": timeline_id, "business_id": business_id, "owner_type": owner_type, "owner_id": owner_id}
    statement = insert(Timeline).values(values)
    owner = {"owner_type": statement.excluded.owner_type, "owner_id": statement.excluded.owner_id}
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=owner))
