"""History: which timelines a record shows, whose they are, and what was last written on them."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.activity import Activity
from models.lead import TIMELINE_IDS
from models.timeline import Follow, Owner, Timeline

SHOWN = """
    SELECT timeline_id FROM lead WHERE %(type)s = 'lead' AND id = %(id)s AND business_id = %(business)s
        AND NOT EXISTS (SELECT 1 FROM timeline t WHERE t.id = lead.timeline_id
                        AND (t.owner_type, t.owner_id) <> ('lead', lead.id))
    UNION SELECT id FROM timeline
        WHERE business_id = %(business)s AND owner_type = %(type)s AND owner_id = %(id)s
    UNION SELECT timeline_id FROM follow
        WHERE business_id = %(business)s AND follower_type = %(type)s AND follower_id = %(id)s
"""
HOME = """
    SELECT timeline_id FROM lead WHERE %(type)s = 'lead' AND id = %(id)s AND business_id = %(business)s
    UNION ALL SELECT timeline_id FROM contact
        WHERE %(type)s = 'contact' AND id = %(id)s AND business_id = %(business)s AND deleted_at IS NULL
    UNION ALL SELECT timeline_id FROM deal
        WHERE %(type)s = 'deal' AND id = %(id)s AND business_id = %(business)s AND deleted_at IS NULL
"""
OWNERS = """
    SELECT k.id, coalesce(t.owner_type, 'lead'), coalesce(t.owner_id, l.id)
    FROM unnest(%s::bigint[]) AS k(id)
    LEFT JOIN timeline t ON t.id = k.id
    LEFT JOIN lead l ON l.timeline_id = k.id AND t.id IS NULL
    WHERE t.id IS NOT NULL OR l.id IS NOT NULL
"""
# The newest of each timeline, merged: a plain join would sort the whole history (performance.md part 4).
RECENT = """
    SELECT a.id FROM unnest(%s::bigint[]) AS k(id)
    CROSS JOIN LATERAL (SELECT id FROM activity WHERE timeline_id = k.id ORDER BY id DESC LIMIT %s) a
    ORDER BY a.id DESC LIMIT %s
"""


def new_timeline(session: Session, business_id: int, owner_type: Owner, owner_id: int, number: int) -> None:
    """Enter the timeline that a contact or a deal is born with; its id was drawn by `next_timeline`."""
    session.add(Timeline(id=number, business_id=business_id, owner_type=owner_type, owner_id=owner_id))


def next_timeline(session: Session) -> int:
    """Draw the id of a new timeline."""
    number: int = session.execute(select(TIMELINE_IDS.next_value())).scalar_one()
    return number


def timelines_of(session: Session, business_id: int, owner_type: Owner, owner_id: int) -> list[int]:
    """The timelines that a record shows: its own, those that came to it, and those that it follows."""
    names = {"business": business_id, "type": str(owner_type), "id": owner_id}
    return sorted(row[0] for row in session.connection().exec_driver_sql(SHOWN, names))


def timeline_of(session: Session, business_id: int, owner_type: Owner, owner_id: int) -> int | None:
    """The timeline on which something new about a record is written; None where there is no such record."""
    names = {"business": business_id, "type": str(owner_type), "id": owner_id}
    row = session.connection().exec_driver_sql(HOME, names).first()
    return row[0] if row else None


def owner_of(session: Session, timeline_ids: Sequence[int]) -> dict[int, tuple[Owner, int]]:
    """Whose timelines these are now."""
    rows = session.connection().exec_driver_sql(OWNERS, (list(timeline_ids),))
    return {number: (Owner(owner_type), owner_id) for number, owner_type, owner_id in rows}


def recent_activities(session: Session, timeline_ids: Sequence[int], limit: int = 50) -> Sequence[Activity]:
    """The newest activities on these timelines, newest first."""
    rows = session.connection().exec_driver_sql(RECENT, (list(timeline_ids), limit, limit))
    ids = [row[0] for row in rows]
    return session.exec(
        select(Activity).where(col(Activity.id).in_(ids)).order_by(col(Activity.id).desc())
    ).all()


def follow(session: Session, business_id: int, follower: tuple[Owner, int], timeline_id: int) -> None:
    """Let a record show a timeline that is somebody else's."""
    session.add(
        Follow(
            business_id=business_id,
            follower_type=follower[0],
            follower_id=follower[1],
            timeline_id=timeline_id,
        )
    )
