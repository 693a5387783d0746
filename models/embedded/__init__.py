"""PostgreSQL and Valkey out of wheels, for a machine that has neither."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.embedded import postgres, valkey
from models.embedded.child import stop
from models.embedded.engine import Engine
from models.embedded.errors import DataInUse, EngineFailed, EngineTrouble, NotRunning
from models.embedded.lock import locked
from models.embedded.places import erase, find, settle
from models.settings import Settings

__all__ = [
    "DataInUse",
    "Engine",
    "EngineFailed",
    "EngineTrouble",
    "Engines",
    "NotRunning",
    "create_database",
    "erase",
    "locate",
    "locked",
    "prepare",
    "prepare_postgres",
    "prepare_valkey",
    "running",
    "temporary",
]

STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Engines:
    """The pair, not yet started."""

    postgres: Engine
    valkey: Engine

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        return self.valkey.url


def prepare(data: Path) -> Engines:
    """Make what the first start needs and say how to start; call it inside `locked(data)`."""
    return Engines(prepare_postgres(data), prepare_valkey(data))


def prepare_postgres(data: Path) -> Engine:
    return postgres.prepare(settle(data))


def prepare_valkey(data: Path) -> Engine:
    return valkey.prepare(settle(data))


def create_database(data: Path) -> None:
    """Create the database `leads` where it is missing; PostgreSQL must be ready."""
    postgres.create_database(find(data))


@contextmanager
def running(data: Path) -> Iterator[Engines]:
    """Both engines up, ready and with a database; stopped at the end, their data kept."""
    with locked(data), ExitStack() as stack:
        engines = prepare(data)
        pair = (engines.postgres, engines.valkey)
        started = [(engine, engine.start()) for engine in pair]
        for engine, process in started:
            stack.callback(stop, process, engine.stop_signal, STOP_SECONDS)
        for engine, process in started:
            engine.wait_ready(process)
        create_database(data)
        yield engines


@contextmanager
def temporary() -> Iterator[Engines]:
    """Both engines on a fresh folder that is gone afterwards: for tests and measurements."""
    data = Path(tempfile.mkdtemp(prefix="leads-"))
    data.chmod(0o755)  # As root the database's user must reach it.
    try:
        with running(data) as engines:
            yield engines
    finally:
        erase(data)


def locate(data: Path, *, broker: bool = True) -> dict[str, str]:
    """URLs of the engines that run under `data`, for those that the environment does not name.

    Without `broker` only the database is looked for. Raises `NotRunning`.
    """
    given, places = Settings(), find(data)
    missing = {
        "DATABASE_URL": (given.database_url, postgres),
        "REDIS_URL": (given.redis_url, valkey),
    }
    found = {}
    for name, (url, kind) in missing.items():
        if url or (kind is valkey and not broker):
            continue
        if not kind.answers(places):
            message = f"nothing runs under {data}: start `intake up --data {data}`, or set {name}"
            raise NotRunning(message)
        found[name] = kind.url(places)
    return found
