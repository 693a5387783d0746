"""Child processes that end when their parent does, even when the parent is killed."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOG_LIMIT = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Program:
    """A child to be: `user` is the uid it runs as (None: ours), `log` takes what it prints (None: ours)."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    user: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    niceness: int = 0
    log: Path | None = None
    probe: Callable[[], bool] = lambda: True

    def ready(self) -> bool:
        """Whether it answers a question now; never raises."""
        return self.probe()

    def start(self) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, so that Ctrl-C reaches the parent alone.

        On Linux the kernel sends `stop_signal` when the calling *thread* ends, so call it from a
        thread that lives as long as the child should.
        """
        output = _open_log(self.log) if self.log else None
        try:
            return subprocess.Popen(  # noqa: S603 - the argument list is ours, no shell reads it
                self.argv,
                env=dict(self.environment),
                user=self.user,
                group=None if self.user is None else pwd.getpwuid(self.user).pw_gid,
                extra_groups=None if self.user is None else [],
                cwd=None if self.user is None else "/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # Run after the change of user, which would make the kernel forget the request for a signal.
                preexec_fn=_tie_to_parent(self.stop_signal, self.niceness),  # noqa: PLW1509 - it takes no lock
            )
        finally:
            if output is not None:
                os.close(output)


def stop(process: subprocess.Popen[bytes], with_signal: signal.Signals, seconds: float) -> None:
    """Ask the process to end, and kill its whole group when it has not within `seconds`."""
    if process.poll() is None:
        process.send_signal(with_signal)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_group(process)
        process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the session that `spawn` began."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # Nobody is left; macOS says "not permitted" where only a zombie is.
        return


def _tie_to_parent(last_signal: signal.Signals, niceness: int) -> Callable[[], None]:
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def in_child() -> None:
        if niceness:
            os.nice(niceness)
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
            if os.getppid() != parent:  # It died before the request was made.
                os._exit(1)

    return in_child


def _open_log(path: Path) -> int:
    """Append, but never let a log of years fill the disk: one older file is kept."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
