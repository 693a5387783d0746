"""Business (the tenant), and who may speak for it: users, directories, tokens."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import LargeBinary, UniqueConstraint, true
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, col

from models.columns import Moment, big, key, moment, text, texts

# 244 random bits.
NEW_SALT = "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"


class Directory(SQLModel, table=True):
    """A partner who acts for many businesses with one token."""

    id: int = key()
    uid: str = text(None, unique=True)
    name: str = text()
    created_at: datetime = moment(now=True)


class Business(SQLModel, table=True):
    """A tenant. `country` is the region in which a phone number without a prefix is read."""

    id: int = key()
    uid: str = text(None, unique=True)
    nickname: str = text(None, unique=True)
    external_id: str | None = text(None, nullable=True, unique=True)
    directory_id: int | None = big(nullable=True, foreign_key="directory.id")
    name: str = text()
    email: str = text()
    phone: str = text()
    url: str = text()
    timezone: str = text("UTC")
    currency: str = text("USD")
    country: str = text("US")
    # Who is told of a lead that came by the Leads & CRM tongue.
    crm_notifications: list[str] = texts("email", "assignee")
    # Whether a lead is written to about its appointments
    appointment_mails: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    # Goes into the hash of an address that was erased, so that the same one has another in each business.
    salt: bytes = Field(
        default=None,
        sa_type=LargeBinary,
        nullable=False,
        sa_column_kwargs={"server_default": sql(NEW_SALT)},
    )
    created_at: datetime = moment(now=True)


class User(SQLModel, table=True):
    """A member of a business's staff."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("business_id", "username"),)

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    username: str = text(None)
    name: str = text()
    email: str = text()
    role: str = text("user")
    # As argon2 writes it; empty: no password, and so no login.
    password_hash: str = text()
    active: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    created_at: datetime = moment(now=True)


# A business is born with its owner. Users who came from another system brought their ids along, which may
# be lower.
OWNER_FIRST = (col(User.created_at), col(User.id))


class TokenKind(StrEnum):
    STAFF = "staff"
    APP = "app"
    DIRECTORY = "directory"
    SESSION = "session"
    REFRESH = "refresh"


class Token(SQLModel, table=True):
    """A hashed bearer token. The token itself is told once, at birth, and kept nowhere."""

    id: int = key()
    business_id: int | None = big(nullable=True, foreign_key="business.id", index=True)
    directory_id: int | None = big(nullable=True, foreign_key="directory.id")
    user_id: int | None = big(nullable=True, foreign_key="staff.id")
    kind: str = text(TokenKind.STAFF)
    prefix: str = text(None, unique=True)
    digest: bytes = Field(sa_type=LargeBinary, nullable=False)
    scopes: list[str] = texts()
    created_at: datetime = moment(now=True)
    expires_at: Moment = moment()
    revoked_at: Moment = moment()


class OwnerChannel(SQLModel, table=True):
    """A further way to tell the owner, as an Apprise URL. The URL is a secret: never log it."""

    __tablename__ = "owner_channel"

    id: int = key()
    business_id: int = big(foreign_key="business.id", index=True)
    url: str = text(None)
    created_at: datetime = moment(now=True)


class MessageTemplate(SQLModel, table=True):
    """A business's own wording of one part (subject, text, html, sms) of one message."""

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("business_id", "name", "part"),)

    id: int = key()
    business_id: int = big(foreign_key="business.id")
    name: str = text(None)
    part: str = text(None)
    source: str = text()
    updated_at: datetime = moment(now=True)
