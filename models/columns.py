"""Columns that several tables share, written once."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, Text, false, func
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlmodel import Field, SQLModel

# So that Alembic can name, and later drop, every constraint. Set here, before any table is made.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def key() -> Any:  # noqa: ANN401 - SQLModel's Field is typed so
    """An integer key that the database gives; operations on the hot path reserve theirs from its sequence."""
    return Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity()])


def big(
    *, index: bool = False, unique: bool = False, nullable: bool = False, foreign_key: str | None = None
) -> Any:  # noqa: ANN401
    """A 64-bit integer, most often the key of another row."""
    options: dict[str, Any] = {"default": None} if nullable else {}
    if foreign_key:
        options["foreign_key"] = foreign_key
    return Field(sa_type=BigInteger, nullable=nullable, index=index, unique=unique, **options)


def text(default: str | None = "", *, nullable: bool = False, unique: bool = False) -> Any:  # noqa: ANN401
    """Text without a limit in the database: limits belong to the doors, which can name the field."""
    given: dict[str, Any] = {} if default is None and not nullable else {"default": default}
    if default is not None:
        # The hot path inserts without the ORM, and names only the columns that it fills.
        given["sa_column_kwargs"] = {"server_default": str(default)}
    return Field(sa_type=Text, nullable=nullable, unique=unique, **given)


def count() -> Any:  # noqa: ANN401
    """A number that begins at nought."""
    return Field(default=0, sa_column_kwargs={"server_default": "0"})


def flag() -> Any:  # noqa: ANN401
    """A fact that is false until said."""
    return Field(default=False, sa_column_kwargs={"server_default": false()})


def texts(*given: str) -> Any:  # noqa: ANN401
    """A list of texts; `given` are plain words that it holds unless said otherwise."""
    return Field(
        default_factory=lambda: list(given),
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": f"{{{','.join(given)}}}"},
    )


def numbers() -> Any:  # noqa: ANN401
    """A list of 64-bit integers, most often the keys of other rows."""
    return Field(
        default_factory=list,
        sa_type=ARRAY(BigInteger),
        nullable=False,
        sa_column_kwargs={"server_default": "{}"},
    )


def document(*, nullable: bool = False) -> Any:  # noqa: ANN401
    """JSON in the order in which it came: json, not jsonb, which sorts its keys."""
    given: dict[str, Any] = {"default": None} if nullable else {"default_factory": dict}
    if not nullable:
        given["sa_column_kwargs"] = {"server_default": "{}"}
    return Field(sa_type=JSON, nullable=nullable, **given)


def moment(*, now: bool = False) -> Any:  # noqa: ANN401
    """A point in time; `now` lets the database's clock set it."""
    if now:
        return Field(
            default=None,
            sa_type=DateTime(timezone=True),
            nullable=False,
            sa_column_kwargs={"server_default": func.clock_timestamp()},
        )
    return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)


Moment = datetime | None
