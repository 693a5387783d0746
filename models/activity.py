"""What stands on a timeline: notes, tasks, and activities, which tell who did what."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.columns import Moment, big, document, flag, key, moment, text, texts


class Note(SQLModel, table=True):
    __table_args__ = (Index(None, "timeline_id", "id"), Index(None, "business_id", "updated_at", "id"))

    id: int = key()
    business_id: int = big()
    timeline_id: int = big()
    creator_id: int | None = big(nullable=True)
    content: str = text(None)
    is_important: bool = flag()
    tags: list[str] = texts()
    type: str = text("regular")
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
    deleted_at: Moment = moment()


class Task(SQLModel, table=True):
    """Something to be done; one without a timeline floats."""

    __table_args__ = (Index(None, "timeline_id", "id"), Index(None, "business_id", "updated_at", "id"))

    id: int = key()
    business_id: int = big()
    timeline_id: int | None = big(nullable=True)
    creator_id: int | None = big(nullable=True)
    owner_id: int | None = big(nullable=True)
    content: str = text(None)
    completed: bool = flag()
    completed_at: Moment = moment()
    due_date: Moment = moment()
    remind_at: Moment = moment()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
    deleted_at: Moment = moment()


class ActorType(StrEnum):
    USER = "user"
    SYSTEM = "system"


class ActivityKind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    CONVERTED = "converted"
    REATTACHED = "reattached"
    UNDONE = "conversion_undone"
    RELEASED = "released"
    CONFIRMED = "opt_in_confirmed"


class Activity(SQLModel, table=True):
    """Who did what, and the values before and after. Rows are only ever added."""

    __table_args__ = (Index(None, "timeline_id", sql("id DESC")),)

    id: int = key()
    business_id: int = big()
    timeline_id: int = big()
    kind: str = text(None)
    actor_type: str = text(ActorType.SYSTEM)
    actor_id: int | None = big(nullable=True)
    actor_name: str = text()
    description: str = text()
    facts: dict[str, Any] = document()
    old_value: str = text()
    new_value: str = text()
    created_at: datetime = moment(now=True)
