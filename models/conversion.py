"""Conversion: which lead became what, and what was moved. One a lead, unless it was undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, document, key, moment, text


class ConversionState(StrEnum):
    CONVERTED = "converted"
    REATTACHING = "reattaching"
    COMPLETE = "complete"
    UNDONE = "undone"


class Conversion(SQLModel, table=True):
    """`moved` says what `reattach` did, so that `undo` can take the same step back; or that it came along."""

    __table_args__ = (
        Index("uq_conversion_lead_id", "lead_id", unique=True, postgresql_where=sql("state <> 'undone'")),
        Index(None, "business_id", sql("id DESC")),
        # Undone ones too.
        Index(None, "lead_id"),
        Index(None, "individual_id"),
        Index(None, "organization_id"),
        Index(None, "deal_id"),
    )

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    lead_id: int = big(foreign_key="lead.id")
    individual_id: int | None = big(nullable=True, foreign_key="contact.id")
    organization_id: int | None = big(nullable=True, foreign_key="contact.id")
    deal_id: int | None = big(nullable=True, foreign_key="deal.id")
    creator_id: int | None = big(nullable=True)
    state: str = text(ConversionState.CONVERTED)
    moved: dict[str, Any] = document()
    created_at: datetime = moment(now=True)
    completed_at: Moment = moment()
    undone_at: Moment = moment()


class ConversionBatch(SQLModel, table=True):
    """Conversions that a worker does, asked for in one request."""

    __tablename__ = "conversion_batch"

    id: int = key()
    uid: str = text(None, unique=True)
    business_id: int = big(foreign_key="business.id")
    creator_id: int | None = big(nullable=True)
    owner_id: int | None = big(nullable=True)
    create_deal: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    created_at: datetime = moment(now=True)


class ConversionItem(SQLModel, table=True):
    """One lead of a batch, and what became of it: pending, converted or refused (with the reason)."""

    __tablename__ = "conversion_item"

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    batch_id: int = big(foreign_key="conversion_batch.id", index=True)
    lead_id: int = big()
    state: str = text("pending")
    conversion_id: int | None = big(nullable=True)
    reason: str = text()
    finished_at: Moment = moment()
