"""Enquiry: one request of one person, which a later one never overwrites."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import SQLModel

from models.columns import big, document, flag, key, moment, text


class Enquiry(SQLModel, table=True):
    """What was asked, in the caller's words and order; in vcita's tongue a conversation."""

    __table_args__ = (Index(None, "timeline_id", "id"),)

    id: int = key()
    business_id: int = big()
    uid: str = text(None)
    timeline_id: int = big()
    door: str = text()
    title: str = text()
    request_data: dict[str, Any] = document()
    message_data: dict[str, Any] = document()
    system_message: str = text()
    source: str = text()
    source_url: str = text()
    # One of the identifiers that were sent belongs to somebody else; the owner is told.
    identity_conflict: bool = flag()
    created_at: datetime = moment(now=True)


def message_of(said: Iterable[tuple[str, Any]], otherwise: str = "") -> str:
    """What the person wrote in free text, where a form calls it so."""
    return next((str(value) for label, value in said if label.strip().lower() == "message"), otherwise)
