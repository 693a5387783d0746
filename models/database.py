"""The engine, and the doors that open a transaction."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, Select, create_engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models import advisory
from models.settings import settings

C = TypeVar("C")
T = TypeVar("T")
S = TypeVar("S", bound=Select[Any])

# A statement or a lock that takes longer than this is a fault, and must not hold up the others.
OPTIONS = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"

# A server that vanished without a word is noticed within a minute (libpq; seconds).
KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The connection pool of this process, made on first use and closed when the process ends."""
    pool = create_engine(
        settings().database_url,
        hide_parameters=True,  # They are personal data, and would show in error texts.
        pool_size=10,
        # As many as a part's threads ask for. A worker's thread holds one and asks for a second: with fewer
        # than two each they would wait for one another.
        max_overflow=-1,
        pool_pre_ping=True,
        pool_recycle=300,
        connect_args={
            "connect_timeout": 3,
            **KEEPALIVES,
            "options": OPTIONS,
        },
    )
    atexit.register(pool.dispose)
    return pool


@contextmanager
def transaction() -> Iterator[Session]:
    """Open one transaction; commit at the end, roll back on any error."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session


def now(session: Session) -> datetime:
    """The time by the database's clock, which all machines share."""
    moment: datetime = session.connection().exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return moment


def held(query: S) -> S:
    """The query's rows kept from others until the end, as they are then, whatever the session read before."""
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


def transact(operation: Callable[[Session, C], T], wanted: C) -> T:
    """Run an operation in a transaction of its own."""
    try:
        with transaction() as session:
            return operation(session, wanted)
    except IntegrityError:
        # Another caller inserted the same row first: look again, and find it.
        with transaction() as session:
            return operation(session, wanted)


def migrate() -> None:
    """Bring the database's schema up to date; safe to run from several machines at once."""
    from alembic import command  # noqa: PLC0415 - a tenth of every other start
    from alembic.config import Config  # noqa: PLC0415

    with engine().connect() as connection:
        # A large table takes its time, and so does another machine's migration.
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({advisory.MIGRATION})")
        try:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({advisory.MIGRATION})")
            connection.exec_driver_sql("RESET statement_timeout")
            connection.commit()
