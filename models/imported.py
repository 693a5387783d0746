"""Imported: what came from another system, under which id there and under which here."""

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from models.columns import big, flag, moment


class Imported(SQLModel, table=True):
    """`kind` is the list that it stood in there; `told_at` is when it was last changed there, as told.

    A record whose own `updated_at` is no longer `told_at` was changed here since. The key begins with what
    tells records apart.
    """

    business_id: int = Field(primary_key=True, sa_type=BigInteger)
    foreign_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(primary_key=True, sa_type=Text)
    record_id: int = big()
    # Something that it names was not there yet.
    is_partial: bool = flag()
    told_at: datetime = moment(now=True)
