"""Silence: a form or a partner's source that is quiet for longer than is usual for it."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.columns import Moment, big, count, key, moment, text


class Silence(SQLModel, table=True):
    """One silence of one door: since when, and how long a pause is usual there. It is told once."""

    __table_args__ = (
        Index("uq_silence_open", "business_id", "door", unique=True, postgresql_where=sql("over_at IS NULL")),
    )

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    door: str = text(None)
    last_at: datetime = moment(now=True)
    usual_seconds: int = count()
    noticed_at: datetime = moment(now=True)
    over_at: Moment = moment()
