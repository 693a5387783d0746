"""One process of the service, and patience with what it does."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.support.forked import Forked, Fresh

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # seconds; a limit for a machine under load, never an expectation


def eventually(ask: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline, f"it did not happen in {seconds:g} s: {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Part:
    """One process of the service, leader of a session of its own."""

    def __init__(
        self,
        name: str,
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        folder: Path,
        kind: type[Forked] | type[Fresh] = Forked,
    ) -> None:
        self.name, self._kind = name, kind
        self._command, self._environment = arguments, environment
        self.log = folder / f"{name}.log"
        self.restarts = -1
        self.start()

    def start(self) -> None:
        self.restarts += 1
        self.process = self._kind(self._command, self._environment, ROOT, self.log)

    def signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        # One that has only just begun leads no session yet.
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        """Ask the process to end, as a supervisor does, and give its exit code."""
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        self.kill()
        return code
