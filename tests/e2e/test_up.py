"""`intake up`, the whole service as a newcomer starts it: engines, sinks and parts out of one command."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from models.embedded import erase
from tests.e2e.stage import PATIENCE, ROOT, eventually, free_port

STOPS_WITHIN = 30.0  # promised


class Up:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with (data / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "intake", "up", "--port", str(self.port), "--data", str(data)],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "HOME": str(data), "LOG_LEVEL": "INFO"},
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
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def caught(self) -> list[str]:
        folder = self.data / "inbox"
        return [path.name for path in folder.iterdir() if not path.name.startswith(".")]

    def post(self, email: str) -> None:
        document = {
            "identifier_type": "email",
            "email": email,
            "first_name": "Ada",
            "request_title": "A chair",
            "notifications": "auto-reply,email,sms",
        }
        bearer = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.post(f"{self.url}/platform/v1/leadgen", headers=bearer, json=document, timeout=60)
        assert answer.status_code == 201

    def command(self, *arguments: str) -> int:
        command = [sys.executable, "-m", "intake", *arguments, "--data", str(self.data)]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.data)}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=PATIENCE).returncode

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


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="leads-"))
    folder.chmod(0o755)
    yield folder
    erase(folder)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_works(data: Path) -> None:
    with up(data) as service:
        service.post("ada@example.org")
        eventually(lambda: len(service.caught()) == 3, "three messages are in the inbox")
        page = httpx.get(f"{service.url}/inbox", timeout=60).text
        assert all(words in page for words in ("ada@example.org", "owner@example.org", "+14155550100"))
        worker = next(pid for pid, args in service.family().items() if "notify.email" in args)
        os.kill(worker, signal.SIGKILL)
        service.post("grace@example.org")
        eventually(lambda: len(service.caught()) == 6, "the killed worker's successor works")
        assert "part died" in service.log
        assert service.command("reconcile") == 0
        family = service.family()
        service.process.terminate()
        assert service.process.wait(STOPS_WITHIN) == 0
        eventually(lambda: not any(map(is_alive, family)), "no process is left")
        token = service.token
    with up(data) as service:
        assert service.token == token
        service.post("edsger@example.org")
        eventually(lambda: len(service.caught()) == 9, "it works on with the data of before")
        assert service.command("reconcile") == 0
