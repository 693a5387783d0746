"""Contact: an individual or an organization that a business deals with. A company is an organization."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.columns import Moment, big, document, flag, key, moment, text, texts


class Contact(SQLModel, table=True):
    """`uid` is the lead's from which it came: one uid names a person all the way."""

    __table_args__ = (
        # The uid comes back with the next conversion of a lead whose first one was undone.
        Index(
            "uq_contact_business_id_uid",
            "business_id",
            "uid",
            unique=True,
            postgresql_where=sql("deleted_at IS NULL"),
        ),
        # Deleted ones too, who may have to be erased.
        Index(None, "business_id", "uid"),
        Index(None, "business_id", "updated_at", "id"),
        Index(None, "business_id", "email"),
        Index("ix_contact_email", "business_id", sql("lower(email)")),
        Index(
            "ix_contact_external_id", "business_id", "external_id", postgresql_where=sql("external_id <> ''")
        ),
        Index(None, "contact_id"),
    )

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    uid: str = text(None)
    timeline_id: int = big(unique=True)
    creator_id: int | None = big(nullable=True)
    owner_id: int | None = big(nullable=True)
    is_organization: bool = flag()
    # The organization that an individual belongs to; the organization above an organization.
    contact_id: int | None = big(nullable=True, foreign_key="contact.id")
    parent_organization_id: int | None = big(nullable=True, foreign_key="contact.id")
    name: str = text()
    first_name: str = text()
    last_name: str = text()
    customer_status: str = text("none")
    prospect_status: str = text("none")
    title: str = text()
    description: str = text()
    industry: str = text()
    website: str = text()
    email: str = text()
    phone: str = text()
    phone_e164: str = text()
    mobile: str = text()
    fax: str = text()
    twitter: str = text()
    facebook: str = text()
    linkedin: str = text()
    skype: str = text()
    address: dict[str, Any] = document()
    billing_address: dict[str, Any] = document()
    shipping_address: dict[str, Any] = document()
    tags: list[str] = texts()
    custom_fields: dict[str, Any] = document()
    # What nateq's tongue tells beside
    type: str = text("contact")
    avatar: str = text()
    channel_data: str = text()
    country: str = text()
    language: str = text()
    position: str = text()
    source: str = text()
    external_id: str = text()
    is_anonymous: bool = flag()
    is_potential_client: bool = flag()
    do_not_contact: bool = flag()
    whatsapp_opted_out: bool = flag()
    whatsapp_opted_out_at: Moment = moment()
    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True)
    deleted_at: Moment = moment()
