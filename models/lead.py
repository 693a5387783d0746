"""Lead: one record a person; Identity: what an upsert matches on."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, Sequence, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, document, flag, key, moment, text, texts

DEFAULT_STATUS = "lead"

# Leads, and later contacts and deals, take the ids of their timelines from one sequence.
TIMELINE_IDS = Sequence("timeline_id_seq", metadata=SQLModel.metadata)

TOLD_STATUS = "lead_status(status, converted_at)"
LISTS = {
    "ix_lead_owned": (("creator_id",), "deleted_at IS NULL"),
    "ix_lead_assigned": (("owner_id",), "owner_id IS NOT NULL AND deleted_at IS NULL"),
    "ix_lead_status": (
        ("creator_id", sql(TOLD_STATUS)),
        f"deleted_at IS NULL AND {TOLD_STATUS} <> 'prospect'",
    ),
    "ix_lead_first_name": ((sql("lower(first_name)"),), "first_name <> ''"),
    "ix_lead_last_name": ((sql("lower(last_name)"),), "last_name <> ''"),
    "ix_lead_phone": ((sql("phone_digits(phone, phone_e164)"),), "phone <> ''"),
}


class IdentityKind(StrEnum):
    EMAIL = "email"
    UNIQUE_ID = "unique_id"


class Lead(SQLModel, table=True):
    """A person who asked for something: `email` as normalised, `phone` as typed beside its E.164 form."""

    __table_args__ = (
        UniqueConstraint("business_id", "uid"),
        Index(None, "business_id", "updated_at", "id"),
        # Sell's tongue looks for leads by email, two of which may share one, whatever the case.
        Index("ix_lead_email", "business_id", sql("lower(email)")),
        Index("ix_lead_unique_id", "business_id", "unique_id", postgresql_where=sql("unique_id <> ''")),
        # The Leads & CRM tongue's lists, the newest first.
        *(
            Index(name, "business_id", *columns, "id", postgresql_where=sql(condition))
            for name, (columns, condition) in LISTS.items()
        ),
    )

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    uid: str = text(None)
    slug: str = text()
    timeline_id: int = big(unique=True)
    email: str = text()
    unique_id: str = text()
    first_name: str = text()
    last_name: str = text()
    phone: str = text()
    phone_e164: str = text()
    address: str = text()
    status: str = text(DEFAULT_STATUS)
    source: str = text()
    source_url: str = text()
    tags: list[str] = texts()
    fields: dict[str, Any] = document()
    opt_in: bool = flag()
    opt_in_at: Moment = moment()
    opt_in_source: str = text()
    sms_opt_in: bool = flag()
    sms_opt_in_at: Moment = moment()
    sms_opt_in_source: str = text()
    do_not_contact: bool = flag()
    # What Sell's and the Leads & CRM tongues tell beside
    organization_name: str = text()
    creator_id: int | None = big(nullable=True)
    owner_id: int | None = big(nullable=True)
    source_id: int | None = big(nullable=True)
    unqualified_reason_id: int | None = big(nullable=True)
    title: str = text()
    description: str = text()
    industry: str = text()
    website: str = text()
    mobile: str = text()
    fax: str = text()
    twitter: str = text()
    facebook: str = text()
    linkedin: str = text()
    skype: str = text()
    place: dict[str, Any] = document()
    converted_at: Moment = moment()
    deleted_at: Moment = moment()
    # Nothing of the person is left in the row, and nobody is told of it.
    erased_at: Moment = moment()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)


class Identity(SQLModel, table=True):
    """What one lead of a business is known by; the primary key is the promise of one lead a person."""

    business_id: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str = Field(primary_key=True, sa_type=Text)
    value: str = Field(primary_key=True, sa_type=Text)
    lead_id: int = big(foreign_key="lead.id", index=True)
