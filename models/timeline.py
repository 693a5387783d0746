"""Timelines: whose history is whose.

Notes, tasks, enquiries and activities carry a timeline's id and never that of a lead or a contact. A
conversion re-points the lead's timeline, which takes the same time for a history of any length.
"""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from models.columns import big, text


class Owner(StrEnum):
    LEAD = "lead"
    CONTACT = "contact"
    DEAL = "deal"


class Timeline(SQLModel, table=True):
    """Who owns a timeline now. A lead's has no row until somebody else shows it: then the lead owns it."""

    __table_args__ = (Index(None, "business_id", "owner_type", "owner_id"),)

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    business_id: int = big()
    owner_type: str = text(None)
    owner_id: int = big()


class Follow(SQLModel, table=True):
    """Who else shows a timeline: the organization and the deal of a conversion."""

    business_id: int = Field(primary_key=True, sa_type=BigInteger)
    follower_type: str = Field(primary_key=True, sa_type=Text)
    follower_id: int = Field(primary_key=True, sa_type=BigInteger)
    timeline_id: int = Field(primary_key=True, sa_type=BigInteger, index=True)
