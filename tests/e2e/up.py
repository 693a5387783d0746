"""`intake up` as a process, the way a newcomer starts it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from models.embedded import erase
from tests.e2e.part import PATIENCE, ROOT, eventually, free_port
from tests.support.local import local

# The machine may be busy: how long a caller waits is another test's business.
ENVIRONMENT = {"PATH": os.environ["PATH"], "LOG_LEVEL": "INFO", "DATABASE_BUDGET_SECONDS": "30"}


class Up:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with (data / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "intake", "up", "--port", str(self.port), "--data", str(data)],
                cwd=ROOT,
                env={**ENVIRONMENT, "HOME": str(data)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return (self.data / "up.log").read_text(errors="replace")

    @property
    def token(self) -> str:
        return (self.data / "demo-token").read_text()

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log
        try:
            return local.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def caught(self) -> list[str]:
        folder = self.data / "inbox"
        return [path.name for path in folder.iterdir() if not path.name.startswith(".")]

    def post(self, email: str, **more: str) -> None:
        document = {
            "identifier_type": "email",
            "email": email,
            "first_name": "Ada",
            "request_title": "A chair",
            "notifications": "auto-reply,email,sms",
        } | more
        bearer = {"Authorization": f"Bearer {self.token}"}
        answer = local.post(f"{self.url}/platform/v1/leadgen", headers=bearer, json=document)
        assert answer.status_code == 201

    def command(self, *arguments: str) -> int:
        return self._run(*arguments).returncode

    def answer(self, *arguments: str) -> str:
        """What a command prints."""
        done = self._run(*arguments, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def _run(self, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[Any]":
        command = [sys.executable, "-m", "intake", *arguments, "--data", str(self.data)]
        environment = {**ENVIRONMENT, "HOME": str(self.data)}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=PATIENCE, **options)

    def family(self) -> dict[int, str]:
        """Every process below the command, with its command line."""
        listing = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in listing.splitlines()]
        found: dict[int, str] = {}
        parents = {self.process.pid}
        while parents:
            children = {int(pid): args for pid, ppid, args in rows if int(ppid) in parents}
            found |= children
            parents = set(children)
        return found


@contextmanager
def up(data: Path) -> Iterator[Up]:
    service = Up(data)
    try:
        eventually(service.is_ready, "the service is ready")
        yield service
    finally:
        # Its children are tied to it and end with it.
        service.process.terminate()
        try:
            service.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            service.process.kill()
            service.process.wait()


@contextmanager
def folder_for_data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="leads-"))
    folder.chmod(0o755)
    yield folder
    erase(folder)
