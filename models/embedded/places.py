"""Where the engines' data and sockets lie, in folders that the engines' user can reach."""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from models.embedded.errors import EngineFailed

DURABLE = (Path("/var/lib/lead-intake"), Path("/var/tmp/lead-intake"))  # noqa: S108 - ours and root's: see _own
SHORT = Path("/tmp")  # noqa: S108 - macOS's TMPDIR is too long for a socket; mkdtemp makes it ours alone
SOCKET_LIMIT = 100  # bytes; the kernels allow 104 (macOS) and 108 (Linux), with a zero at the end
PLAIN = re.compile(r"[\w./-]+", re.ASCII)
POSTGRES_SOCKET = "postgres/.s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"


@dataclass(frozen=True)
class Places:
    """`user` is the uid that PostgreSQL runs as, None: our own."""

    data: Path
    user: int | None
    postgres: Path
    valkey: Path
    sockets: Path


def find(data: Path) -> Places:
    """The places of a data folder as they are, making nothing."""
    data = data.resolve()
    postgres = data / "postgres"
    return Places(
        data, _postgres_user(postgres), postgres.resolve(), data / "valkey", (data / "run").resolve()
    )


def settle(data: Path) -> Places:
    """Make what is missing. Call it under the lock."""
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    user = _postgres_user(data / "postgres")
    in_reach = user is None or reachable(data, user)
    _settle_postgres(data / "postgres", user, in_reach=in_reach)
    _settle_sockets(data / "run", user, in_reach=in_reach)
    (data / "valkey").mkdir(mode=0o700, exist_ok=True)
    return find(data)


def erase(data: Path) -> None:
    """Remove the data folder and what its pointers point to."""
    for pointer in (data / "postgres", data / "run"):
        if pointer.is_symlink():
            shutil.rmtree(pointer.resolve(), ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)


def give(path: Path, user: int | None) -> None:
    """Hand a file or folder to the engine's user; nothing to do where that is ourselves."""
    if user is not None:
        os.chown(path, user, pwd.getpwuid(user).pw_gid)


def reachable(path: Path, user: int) -> bool:
    """Whether `user` can enter the folder, or run the file; asked of the kernel, since ACLs count too."""
    asked = subprocess.run(  # noqa: S603 - the path goes as an argument, not as code
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
        user=user,
        group=pwd.getpwuid(user).pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return asked.returncode == 0


def durable_folder(user: int) -> Path:
    """A folder of ours that outlives a reboot and that `user` can enter."""
    for folder in DURABLE:
        if _own(folder) and reachable(folder, user):
            return folder
    message = f"no folder that the database's user can reach: tried {', '.join(map(str, DURABLE))}"
    raise EngineFailed(message)


def _postgres_user(postgres: Path) -> int | None:
    """PostgreSQL refuses to run as root: then it runs as the owner of its data, else as nobody."""
    if os.geteuid() != 0:
        return None
    owner = postgres.stat().st_uid if postgres.exists() else 0
    return owner or pwd.getpwnam("nobody").pw_uid


def _settle_postgres(postgres: Path, user: int | None, *, in_reach: bool) -> None:
    if postgres.is_symlink() and not postgres.exists():
        message = (
            f"{postgres} points to {postgres.readlink()}, which is gone: bring it back, or remove the pointer"
        )
        raise EngineFailed(message)
    if postgres.exists():
        return
    if user is None or in_reach:
        postgres.mkdir(mode=0o700)
    else:
        label = hashlib.sha256(os.fsencode(postgres)).hexdigest()[:8]
        postgres.symlink_to(tempfile.mkdtemp(prefix=f"data-{label}-", dir=durable_folder(user)))
    give(postgres, user)


def _settle_sockets(run: Path, user: int | None, *, in_reach: bool) -> None:
    socket = os.fsencode(run / POSTGRES_SOCKET)
    if run.is_symlink() and not _is_ours(run.resolve()):
        run.unlink()
    if not run.exists():
        if in_reach and len(socket) <= SOCKET_LIMIT and PLAIN.fullmatch(str(run)):
            run.mkdir()
        else:
            run.symlink_to(tempfile.mkdtemp(prefix="lead-intake-", dir=SHORT))
    run.resolve().chmod(0o755)  # Our own folder, whatever the umask; each socket has a door of its own.
    (run / "postgres").mkdir(mode=0o700, exist_ok=True)
    give(run / "postgres", user)


def _own(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o755, exist_ok=True)
    except OSError:
        return False
    return _is_ours(folder)


def _is_ours(folder: Path) -> bool:
    """A folder that somebody else put there first, in a place open to all, is not to be trusted."""
    return folder.is_dir() and not folder.is_symlink() and folder.lstat().st_uid == os.geteuid()
