"""Labels: the names that a business gives to sources and reasons; Tag: those it gives to records."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from models.columns import big, key, moment, text


class LabelKind(StrEnum):
    SOURCE = "source"
    LEAD_SOURCE = "lead_source"
    DEAL_SOURCE = "deal_source"
    LOSS_REASON = "loss_reason"
    LEAD_UNQUALIFIED_REASON = "lead_unqualified_reason"
    DEAL_UNQUALIFIED_REASON = "deal_unqualified_reason"


class Label(SQLModel, table=True):
    """A source of leads or deals, or a reason why one was lost."""

    __table_args__ = (UniqueConstraint("business_id", "kind", "name"),)

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    kind: str = text(None)
    name: str = text(None)
    creator_id: int | None = big(nullable=True)
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)


class Tag(SQLModel, table=True):
    """A tag that a business knows. Records carry tags by name."""

    __table_args__ = (UniqueConstraint("business_id", "resource_type", "name"),)

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    resource_type: str = text(None)
    name: str = text(None)
    creator_id: int | None = big(nullable=True)
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
