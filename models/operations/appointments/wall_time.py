"""Wall time: what the clock on a business's wall shows, and the moment that it stands for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.business import Business


def zone_of(session: Session, business_id: int) -> ZoneInfo:
    return ZoneInfo(session.get_one(Business, business_id).timezone)


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment in UTC. Of an hour that comes twice it is the first.

    A time that the clocks skip is moved on by as much as they are: the offset before the change counts
    (PEP 495, as RFC 5545 section 3.3.5 has it).
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock shows at that moment, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


def told(moment: datetime, zone: ZoneInfo) -> str:
    return f"{wall_of(moment, zone):%Y-%m-%d %H:%M}"
