"""Engines and databases of the tests' own, so that they run side by side and in any order."""

import os
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import URL, make_url
from sqlmodel import Session

from models import embedded
from models.business import Business, TokenKind
from models.database import engine, migrate, transaction
from models.operations.found import FoundBusiness, found_business
from models.operations.tokens import issue
from models.settings import settings

LONG = {"e2e", "browser", "ground", "operating"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests begin each process's share, still in random order, so that none is left over at the end.

    Those of the browser stand together: the service that they share is started once.
    """
    shares = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    long = [item for item in items if LONG & set(item.path.parts)]
    long.sort(key=lambda item: "browser" not in item.path.parts)
    short = [item for item in items if not LONG & set(item.path.parts)]
    items[:] = [
        item
        for n in range(shares)
        for some in (long, short)
        for item in some[n * len(some) // shares : (n + 1) * len(some) // shares]
    ]


@pytest.fixture(autouse=True)
def settings_of_now() -> None:
    """A test that changed the environment leaves nothing of it to the next one."""
    settings.cache_clear()
    # Asked of the environment: to read all settings takes longer than many a test.
    if engine.cache_info().currsize and not is_of(engine().url, os.environ.get("DATABASE_URL", "")):
        forget()


def is_of(url: URL, named: str) -> bool:
    """Whether it is the address that the environment names, with or without its driver."""
    return bool(named) and url.set(drivername="any") == make_url(named).set(drivername="any")


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis: those that the environment names, else embedded ones of this process."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
        return
    with embedded.temporary() as engines:
        yield {"DATABASE_URL": engines.database_url, "REDIS_URL": engines.redis_url}


@pytest.fixture(scope="session")
def template(servers: dict[str, str]) -> Iterator[str]:
    """The name of a migrated database, from which others are copied."""
    name = f"leads_template_{uuid.uuid4().hex[:12]}"
    with made(servers["DATABASE_URL"], name):
        with pytest.MonkeyPatch.context() as patch:
            pointed_at(patch, servers, name)
            migrate()
            engine().dispose()
        forget()
        yield name


@pytest.fixture(scope="session")
def database(servers: dict[str, str], template: str) -> Iterator[str]:
    """A database that this process's tests share, each with a business of its own; its URL."""
    name = f"leads_test_{uuid.uuid4().hex[:12]}"
    with made(servers["DATABASE_URL"], name, template), pytest.MonkeyPatch.context() as patch:
        yield pointed_at(patch, servers, name)
        engine().dispose()
    forget()


@pytest.fixture
def own_database(servers: dict[str, str], template: str) -> Iterator[str]:
    """A fresh database for a test that looks at all of it; its URL."""
    name = f"leads_own_{uuid.uuid4().hex[:12]}"
    with made(servers["DATABASE_URL"], name, template), pytest.MonkeyPatch.context() as patch:
        forget()
        yield pointed_at(patch, servers, name)
        engine().dispose()
        forget()
    forget()


@pytest.fixture
def business(database: str) -> Business:
    return founded()


@pytest.fixture
def token(business: Business) -> str:
    with transaction() as session:
        return issue(session, business=business, kind=TokenKind.STAFF)


def founded(nickname: str = "") -> Business:
    """A business with an owner who can be reached by mail and by text."""
    nickname = nickname or f"acme-{uuid.uuid4().hex[:12]}"
    wanted = FoundBusiness(
        nickname=nickname, name="Acme Chairs", email=f"owner@{nickname}.example.org", phone="+14155550100"
    )
    with transaction() as session:
        return found_business(session, wanted)


def forget() -> None:
    """Let the next test read its settings and open its connections anew."""
    settings.cache_clear()
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()


def pointed_at(patch: pytest.MonkeyPatch, servers: dict[str, str], name: str) -> str:
    """Let the environment name a database of that server, and keys of its own on that Redis."""
    url = renamed(servers["DATABASE_URL"], name)
    patch.setenv("DATABASE_URL", url)
    patch.setenv("REDIS_URL", servers["REDIS_URL"])
    patch.setenv("REDIS_PREFIX", f"{name}:")
    # The machine may be busy: few tests are about how long a caller waits.
    patch.setenv("DATABASE_BUDGET_SECONDS", "30")
    forget()
    return url


def renamed(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    base = head.rpartition("/")[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")


class made:  # noqa: N801 - reads as a word in `with made(...)`
    """A database for as long as the block runs."""

    def __init__(self, url: str, name: str, template: str = "template1") -> None:
        self._admin = renamed(url, "postgres").replace("postgresql+psycopg://", "postgresql://")
        self._name, self._template = name, template

    def __enter__(self) -> None:
        self._execute(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')

    def __exit__(self, *_: object) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _execute(self, sql: str) -> None:
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(sql)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A look at what was committed."""
    with transaction() as session:
        yield session
