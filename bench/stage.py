"""The stage of a measurement: engines, and a migrated database with one business and its token."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import redis

from models import embedded
from models.business import TokenKind
from models.database import engine, migrate, transaction
from models.operations.found import FoundBusiness, found_business
from models.operations.tokens import issue
from models.settings import settings

BUSINESS = FoundBusiness(
    nickname="bench", name="Bench Chairs", email="owner@bench.example.org", phone="+14155550100"
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A database of a measurement's own, and what its processes must know."""

    environment: dict[str, str]
    business_id: int
    token: str

    @property
    def url(self) -> str:
        """The database's address as libpq reads it."""
        return self.environment["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://", 1)

    @property
    def redis_url(self) -> str:
        return self.environment["REDIS_URL"]


@contextmanager
def engines() -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis: those that the environment names, else embedded ones on a fresh folder."""
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    if all(given.values()):
        yield given
        return
    with embedded.temporary() as pair:
        yield {
            "DATABASE_URL": given["DATABASE_URL"] or pair.database_url,
            "REDIS_URL": given["REDIS_URL"] or pair.redis_url,
        }


@contextmanager
def stage(servers: dict[str, str]) -> Iterator[Stage]:
    """Make a database, and leave neither it nor a key on Redis behind."""
    name = f"leads_bench_{uuid.uuid4().hex[:12]}"
    url = renamed(servers["DATABASE_URL"], name)
    environment = {**servers, "DATABASE_URL": url, "REDIS_PREFIX": f"{name}:"}
    before = {key: os.environ.get(key) for key in environment}
    administrate(servers, f'CREATE DATABASE "{name}"')
    try:
        yield founded(environment)
    finally:
        restore(before)
        administrate(servers, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        with redis.Redis.from_url(servers["REDIS_URL"]) as client:
            for key in client.scan_iter(f"{name}:*", count=1000):
                client.delete(key)


def restore(before: dict[str, str | None]) -> None:
    """Let the next part of a run find the environment as this one did."""
    for key, value in before.items():
        if value is None:
            os.environ.pop(key, None)
        else:
            os.environ[key] = value


def founded(environment: dict[str, str]) -> Stage:
    os.environ.update(environment)
    settings.cache_clear()
    engine.cache_clear()
    migrate()
    with transaction() as session:
        business = found_business(session, BUSINESS)
        token = issue(session, business=business, kind=TokenKind.STAFF)
        number = business.id
    engine().dispose()
    return Stage(environment, number or 0, token)


def renamed(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def administrate(servers: dict[str, str], sql: str) -> None:
    url = renamed(servers["DATABASE_URL"], "postgres").replace("+psycopg", "", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)
