"""Form: a form of a website, as a row; and what is counted and remembered about its posts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, LargeBinary, Text
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, count, document, flag, key, moment, text, texts


def number(default: int) -> Any:  # noqa: ANN401 - SQLModel's Field is typed so
    return Field(default=default, sa_column_kwargs={"server_default": str(default)})


class FormFacts(SQLModel):
    """What a page on the web may send us without a secret. Apart from its table, it is read at a post's pace.

    `key` stands in the page and may be rotated; `uid` is the form's for good. `secret` signs what the form
    gives out, and hashes addresses so that nobody can tell them. `fields` are the inputs in their order.
    `wordings` are earlier ones of `consent`, by digest.
    Seconds are of the time trap, limits are posts in 24 hours; 0 switches a limit off.
    """

    id: int = key()
    business_id: int = big(foreign_key="business.id", index=True)
    uid: str = text(None, unique=True)
    key: str = text(None, unique=True)
    old_key: str | None = text(None, nullable=True, unique=True)
    old_key_until: Moment = moment()
    secret: bytes = Field(sa_type=LargeBinary, nullable=False)
    name: str = text(None)
    fields: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSON, nullable=False, sa_column_kwargs={"server_default": "[]"}
    )
    identifier: str = text("email")
    notifications: list[str] = texts()
    origins: list[str] = texts()
    success_url: str = text()
    error_url: str = text()
    language: str = text("en")
    source: str = text()
    tags: list[str] = texts()
    consent: str = text()
    wordings: dict[str, str] = document()
    double_opt_in: bool = flag()
    honeypot: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    altcha: bool = flag()
    min_seconds: int = number(3)
    max_seconds: int = number(86_400)
    blocked_words: list[str] = texts()
    threshold: int = number(50)
    daily_limit: int = number(1_000)
    recipient_limit: int = number(5)
    retention_days: int = count()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
    deleted_at: Moment = moment()


class Form(FormFacts, table=True):
    """The table of forms."""


class FormCount(SQLModel, table=True):
    """How often something was seen at a form since `since`: a budget, a content, a token, a solution."""

    __tablename__ = "form_count"
    # A budget is counted up in place, for which its page needs room.
    __table_args__ = ({"postgresql_with": {"fillfactor": "50"}},)

    form_id: int = Field(primary_key=True, sa_type=BigInteger)
    name: str = Field(primary_key=True, sa_type=Text)
    count: int = count()
    since: datetime = moment(now=True)


class Suspect(SQLModel, table=True):
    """Why a post was quarantined, and what its headers said: a release reads it as if it came again."""

    receipt_uid: str = Field(primary_key=True, sa_type=Text)
    business_id: int = big()
    form_id: int = big(index=True)
    score: int = count()
    rules: list[str] = texts()
    address_hash: str = text()
    referrer: str = text()
    consent: str = text()
    created_at: datetime = moment(now=True)
