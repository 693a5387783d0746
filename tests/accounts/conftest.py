"""A migrated database, a business and its token, for the tests of who may speak."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import psycopg
import pytest
from sqlalchemy import make_url

from models import database as db
from models import embedded
from models.business import Business, TokenKind
from models.operations.found import FoundBusiness, found_business
from models.operations.tokens import issue
from models.settings import Settings, settings


@contextmanager
def database_at(url: str) -> Iterator[None]:
    """Let this process talk to another server, with nothing left over from the one before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        forget()
        try:
            yield
        finally:
            forget()
    settings.cache_clear()


def forget() -> None:
    settings.cache_clear()
    if db.engine.cache_info().currsize:
        db.engine().dispose()
    db.engine.cache_clear()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL: the one that the environment names, else one of our own."""
    if os.environ.get("DATABASE_URL"):
        yield Settings().database_url
        return
    with embedded.temporary() as engines:
        yield engines.database_url


@pytest.fixture(scope="session")
def database(server: str) -> Iterator[str]:
    name = f"accounts_{uuid.uuid4().hex}"
    url = make_url(server)
    admin = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with ExitStack() as stack:
        connection = stack.enter_context(psycopg.connect(admin, autocommit=True))
        connection.execute(f"CREATE DATABASE {name}")
        stack.callback(connection.execute, f"DROP DATABASE {name} WITH (FORCE)")
        ours = url.set(database=name).render_as_string(hide_password=False)
        stack.enter_context(database_at(ours))
        db.migrate()
        yield ours


@pytest.fixture
def elsewhere() -> Callable[[str], AbstractContextManager[None]]:
    return database_at


@pytest.fixture
def found(database: str) -> Callable[..., Business]:
    """Founds businesses, each with a nickname of its own."""

    def founded(**fields: str) -> Business:
        nickname = f"acme-{uuid.uuid4().hex[:12]}"
        usual = {"nickname": nickname, "name": "Acme", "email": "owner@example.org", "phone": "+14155550100"}
        with db.transaction() as session:
            return found_business(session, FoundBusiness(**{**usual, **fields}))

    return founded


@pytest.fixture
def business(found: Callable[..., Business]) -> Business:
    return found()


@pytest.fixture
def token(business: Business) -> str:
    with db.transaction() as session:
        return issue(session, business=business, kind=TokenKind.STAFF)
