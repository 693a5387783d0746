"""How this tongue writes what it tells."""

from datetime import datetime
from zoneinfo import ZoneInfo


def moment(at: datetime, timezone: str) -> str:
    """A time by the business's clocks, as `YYYY-MM-DD HH:MM` (wire.md 4.3 row 10)."""
    return at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")
