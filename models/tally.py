"""LeadTally: how many leads there are, as a sum of deltas that triggers on `lead` write (ADR 8)."""

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.columns import big, key, text


class LeadTally(SQLModel, table=True):
    """`n` leads more, or fewer, of one owner (`creator_id`), assignee (`owner_id`), status and source.

    A statement on `lead` adds its deltas as fresh rows, and so waits for nobody; the relay folds them.
    """

    __tablename__ = "lead_tally"
    __table_args__ = (
        Index("ix_lead_tally_creator_id", "business_id", "creator_id"),
        Index("ix_lead_tally_fresh", "business_id", postgresql_where=sql("fresh")),
        # Rows come and go all day, and few stay.
        {"postgresql_with": {"autovacuum_vacuum_scale_factor": "0.0", "autovacuum_vacuum_threshold": "1000"}},
    )

    id: int = key()
    business_id: int = big()
    creator_id: int | None = big(nullable=True)
    owner_id: int | None = big(nullable=True)
    status: str = text(None)
    source: str = text(None)
    n: int = big()
    fresh: bool = Field(default=True, sa_column_kwargs={"server_default": sql("true")})
