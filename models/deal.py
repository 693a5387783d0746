"""Deal: what might be sold; Pipeline and Stage: how far it has come."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Index, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, count, document, flag, key, moment, text, texts


class StageCategory(StrEnum):
    INCOMING = "incoming"
    IN_PROGRESS = "in_progress"
    WON = "won"
    LOST = "lost"
    UNQUALIFIED = "unqualified"


class Pipeline(SQLModel, table=True):
    id: int = key()
    business_id: int = big(foreign_key="business.id", index=True)
    name: str = text("Sales Pipeline")
    disabled: bool = flag()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)


class Stage(SQLModel, table=True):
    """`likelihood` is a percentage; `position` counts from 1 within the pipeline."""

    id: int = key()
    business_id: int = big(foreign_key="business.id", index=True)
    pipeline_id: int = big(foreign_key="pipeline.id")
    name: str = text(None)
    category: str = text(StageCategory.IN_PROGRESS)
    position: int = count()
    likelihood: int = count()
    active: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)


class Deal(SQLModel, table=True):
    """`value` is never null: the official Python client makes a Decimal of it."""

    __table_args__ = (
        Index(None, "business_id", "updated_at", "id"),
        Index(None, "contact_id"),
        Index(None, "organization_id"),
    )

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    timeline_id: int = big(unique=True)
    creator_id: int | None = big(nullable=True)
    owner_id: int | None = big(nullable=True)
    contact_id: int = big(foreign_key="contact.id")
    organization_id: int | None = big(nullable=True, foreign_key="contact.id")
    stage_id: int = big(foreign_key="stage.id")
    source_id: int | None = big(nullable=True)
    loss_reason_id: int | None = big(nullable=True)
    unqualified_reason_id: int | None = big(nullable=True)
    name: str = text(None)
    value: Decimal = Field(
        default=Decimal(0),
        sa_type=Numeric(18, 2),
        nullable=False,
        sa_column_kwargs={"server_default": "0"},
    )
    currency: str = text("USD")
    hot: bool = flag()
    last_stage_change_at: datetime = moment(now=True)
    last_stage_change_by_id: int | None = big(nullable=True)
    last_activity_at: Moment = moment()
    estimated_close_date: date | None = Field(default=None, sa_type=Date)
    customized_win_likelihood: int | None = Field(default=None)
    added_at: datetime = moment(now=True)
    tags: list[str] = texts()
    custom_fields: dict[str, Any] = document()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
    deleted_at: Moment = moment()


class AssociatedContact(SQLModel, table=True):
    """A further contact of a deal."""

    __tablename__ = "associated_contact"
    __table_args__ = (UniqueConstraint("deal_id", "contact_id"),)

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    deal_id: int = big(foreign_key="deal.id")
    contact_id: int = big(foreign_key="contact.id", index=True)
    role: str = text("involved")
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
