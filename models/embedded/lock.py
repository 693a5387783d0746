"""One group of engines for one data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.embedded.errors import DataInUse


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold DATA/lock with our pid in it; the kernel frees it however we end."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataInUse(_who_holds(data)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _who_holds(data: Path) -> str:
    pid = (data / "lock").read_text().strip() or "unknown"
    return f"{data} is in use by process {pid}: stop it first, or choose another folder with --data"
