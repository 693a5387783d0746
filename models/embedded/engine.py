"""A server program, and what it takes to reach it."""

import subprocess
import time
from dataclasses import dataclass

from models.embedded.child import Program
from models.embedded.errors import EngineFailed

# A server needs nothing of the caller's environment, and must not be steered by its PG* or LC_* names.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True, kw_only=True)
class Engine(Program):
    """A server for whoever supervises it; `url` is where clients find it once it is ready."""

    url: str

    def wait_ready(self, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
        """Wait for the first answer; raises `EngineFailed` when the process ends or time runs out."""
        deadline = time.monotonic() + seconds
        while not self.ready():
            if process.poll() is not None or time.monotonic() > deadline:
                message = f"{self.name} did not start: see {self.log}"
                raise EngineFailed(message)
            time.sleep(0.02)
