"""Source: a partner's webhook sender, how it proves itself, and how what it sends becomes a lead."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from models.columns import Moment, big, document, flag, key, moment, text, texts
from models.lead import IdentityKind


class Scheme(StrEnum):
    """How a sender proves that it is the sender."""

    STANDARD_WEBHOOKS = "standard-webhooks"
    HMAC = "hmac"
    GOOGLE = "google"
    BASIC = "basic"
    BEARER = "bearer"
    URL = "url"


class Source(SQLModel, table=True):
    """One sender of one business. `key` is the unguessable part of its URL; `uid` may be shown and logged.

    `options` and `mapping` hold what differs from the preset. `secret` and `token` are secrets that must be
    used, not only compared, so they are kept as they were given: never log or list them.
    """

    id: int = key()
    business_id: int = big(foreign_key="business.id", index=True)
    uid: str = text(None, unique=True)
    key: str = text(None, unique=True)
    name: str = text()
    preset: str = text(None)
    scheme: str = text(Scheme.URL)
    options: dict[str, Any] = document()
    secret: str = text()
    previous_secret: str = text()
    previous_until: Moment = moment()
    token: str = text()
    mapping: dict[str, Any] = document()
    notifications: list[str] = texts()
    identifier: str = text(IdentityKind.EMAIL)
    is_test: bool = flag()
    is_paused: bool = flag()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
    deleted_at: Moment = moment()

    @property
    def door(self) -> str:
        """What receipts and enquiries call it."""
        return f"hook:{self.uid}"
