"""Engines of a test's own that it may stop, and the service on a database of its own."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from models.business import TokenKind
from models.database import engine, migrate, transaction
from models.embedded import erase, postgres, valkey
from models.embedded.child import kill_group
from models.embedded.engine import Engine
from models.embedded.places import settle
from models.operations.tokens import issue
from tests.conftest import forget, founded
from tests.e2e.stage import Stage

Staged = Callable[..., Stage]


class Running:
    """An engine that a test may stop and start again."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.start()

    @property
    def url(self) -> str:
        return self.engine.url

    def start(self) -> None:
        self.process = self.engine.start()
        self.engine.wait_ready(self.process)

    def kill(self) -> None:
        kill_group(self.process)
        self.process.wait()


@pytest.fixture
def engines_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="leads-"))
    folder.chmod(0o755)  # As root the database's user must reach it.
    yield folder
    erase(folder)


@pytest.fixture
def own_redis(engines_folder: Path) -> Iterator[Running]:
    """A Valkey that nobody else uses."""
    running = Running(valkey.prepare(settle(engines_folder)))
    yield running
    running.kill()


@pytest.fixture
def own_postgres(engines_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A PostgreSQL that nobody else uses, with our tables."""
    places = settle(engines_folder)
    running = Running(postgres.prepare(places))
    postgres.create_database(places)
    monkeypatch.setenv("DATABASE_URL", running.url)
    forget()
    migrate()
    yield running
    engine().dispose()
    forget()
    running.kill()


@pytest.fixture
def staged(servers: dict[str, str], tmp_path: Path) -> Iterator[Staged]:
    """Makes a stage on the database that the environment names at the time."""
    with ExitStack() as stack:

        def make(database_url: str, redis_url: str = "", **settings: str) -> Stage:
            business = founded()
            with transaction() as session:
                token = issue(session, business=business, kind=TokenKind.STAFF)
            return stack.enter_context(
                Stage(database_url, redis_url or servers["REDIS_URL"], token, tmp_path, **settings)
            )

        yield make


@pytest.fixture
def stage(staged: Staged, own_database: str) -> Stage:
    return staged(own_database)


@pytest.fixture
def running(stage: Stage) -> Stage:
    """The stage with one process of each kind."""
    stage.relay()
    stage.worker()
    stage.web()
    return stage
