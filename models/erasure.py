"""Erasure: that a person was erased, when and by whom; once it is finished nothing in it tells who it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import SQLModel

from models.columns import Moment, big, key, moment, numbers, text, texts


class Erasure(SQLModel, table=True):
    """Whose rows were emptied. `addresses` is what a worker still looks for; it empties the list at the end.

    `finished_at` is when the worker had been everywhere.
    """

    __table_args__ = (Index(None, "business_id", "id"),)

    id: int = key()
    uid: str = text(None, unique=True)
    business_id: int = big(foreign_key="business.id")
    user_id: int | None = big(nullable=True)
    leads: list[int] = numbers()
    contacts: list[int] = numbers()
    addresses: list[str] = texts()
    created_at: datetime = moment(now=True)
    finished_at: Moment = moment()

    def as_document(self) -> dict[str, Any]:
        """What callers and operators are told of it."""
        return {
            "uid": self.uid,
            "leads": len(self.leads),
            "contacts": len(self.contacts),
            "created_at": self.created_at,
            "finished_at": self.finished_at,
        }
