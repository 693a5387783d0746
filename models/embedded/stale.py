"""Stops a server that outlived the process that started it."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from models.embedded.errors import EngineFailed


def stop_stale(pid_file: Path, *, program: str, data: Path, stop_signal: signal.Signals) -> None:
    """Stop the `program` named in `pid_file` if it works on `data`, and wait until it is gone.

    Call it under the lock, when no live group can own the server. The file of a dead process stays:
    PostgreSQL finds by it whether some child of that process still writes. A pid that now belongs to
    something else (after a reboot, or in a new container) would keep a server from starting: it goes.
    """
    pid = _read_pid(pid_file)
    command = _command(pid) if pid else ""
    if pid and program in command and str(data) in command:
        _end(pid, stop_signal, str(data))
    elif command:
        pid_file.unlink(missing_ok=True)


def _end(pid: int, stop_signal: signal.Signals, data: str, seconds: float = 30.0) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
    deadline = time.monotonic() + seconds
    while data in _command(pid):
        if time.monotonic() > deadline:
            message = f"process {pid} still works on {data} and does not end: stop it by hand"
            raise EngineFailed(message)
        time.sleep(0.05)


def _read_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _command(pid: int) -> str:
    """The process's command line; empty when there is none, or only a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    asked = subprocess.run(  # noqa: S603 - macOS has no /proc
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "" if "<defunct>" in asked.stdout else asked.stdout
