"""The whole service as processes of their own, and providers here that count what they got."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg
import redis

from tests.e2e.part import PATIENCE, ROOT, Part, eventually, free_port
from tests.support.local import local
from tests.support.sms_server import SmsServer
from tests.support.smtp_server import SmtpServer

# Short enough for a test, and in the order that the settings ask for. The machine may be busy: few tests
# are about how long a caller waits.
TIMES = {
    "RING_AGAIN_SECONDS": "2",
    "LEASE_SECONDS": "5",
    "LEASE_RENEWAL_SECONDS": "1",
    "RETRY_FIRST_SECONDS": "0.5",
    "UNKNOWN_WAIT_SECONDS": "2",
    "DATABASE_BUDGET_SECONDS": "30",
    "LOG_LEVEL": "INFO",
    "RATE_LIMIT_SELL": "0",
    "RATE_LIMIT_NATEQ": "0",
}


# All addresses of these tests, a visitor's and an owner's, have it.
PERSON = b"@example.org"


def everything(client: "redis.Redis", name: bytes) -> bytes:
    """What a key holds, whatever its type."""
    match client.type(name):
        case b"list":
            held: object = client.lrange(name, 0, -1)
        case b"hash":
            held = client.hgetall(name)
        case b"set":
            held = client.smembers(name)
        case b"zset":
            held = client.zrange(name, 0, -1)
        case _:
            held = client.get(name)
    return repr(held).encode()


def message_id_of(content: bytes) -> str:
    return str(BytesParser(policy=policy.default).parsebytes(content, headersonly=True)["Message-ID"]).strip()


class SlowSmtpServer(SmtpServer):
    """Takes its time before it lets the text of a mail in, and before it answers the dot."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def action(self, stage: str) -> str | None:
        if stage in {"DATA", "dot"}:
            self._stopped.wait(self.seconds)
        return super().action(stage)


class Stage:
    """Web, relay and workers on given servers; everything is killed at the end."""

    def __init__(self, database_url: str, redis_url: str, token: str, folder: Path, **settings: str) -> None:
        self.database_url = database_url.replace("postgresql+psycopg://", "postgresql://")
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = token
        self.sms = SmsServer()
        self.smtp = SmtpServer()
        self.parts: dict[str, Part] = {}
        self._settings = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "REDIS_PREFIX": f"e2e-{os.getpid()}-{self.port}:",
            "PUBLIC_URL": self.url,
            "MAIL_FROM": "no-reply@leads.example.org",
            **TIMES,
            **settings,
        }

    def __enter__(self) -> Self:
        self._stack = contextlib.ExitStack()
        self._stack.enter_context(self.smtp)
        self._stack.enter_context(self.sms)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for part in self.parts.values():
            part.signal(signal.SIGCONT)
            part.kill()
        self._stack.close()
        if kind is None:
            self.tells_nothing()
        # pytest shows this when the test failed.
        for part in self.parts.values():
            lines = part.log.read_text(errors="replace").splitlines()
            print(f"--- the end of {part.name}'s log ---", *lines[-20:], sep="\n")

    def tells_nothing(self) -> None:
        """Whatever a test did: no log and no key of Redis names a person, or holds a token (P41)."""
        kept = {part.name: part.log.read_bytes() for part in self.parts.values()}
        client = redis.Redis.from_url(self._settings["REDIS_URL"])
        with client, contextlib.suppress(redis.ConnectionError):
            for name in client.scan_iter(f"{self._settings['REDIS_PREFIX']}*"):
                kept[str(name)] = name + everything(client, name)
        for word in (PERSON, self.token.encode()):
            assert [name for name, content in kept.items() if word in content] == []

    def use(self, server: SmtpServer) -> None:
        """Let mail go to another server; call it before the workers start."""
        self.smtp = self._stack.enter_context(server)

    @property
    def environment(self) -> dict[str, str]:
        return self._settings | {"SMTP_URL": self.smtp.url, "SMS_URL": self.sms.url}

    def _part(self, name: str, *arguments: str) -> Part:
        self.parts[name] = Part(name, arguments, self.environment, self.folder)
        return self.parts[name]

    def web(self) -> Part:
        part = self._part("web", "intake", "web", "--port", str(self.port), "--data", str(self.folder))
        self.wait_ready()
        return part

    def relay(self) -> Part:
        return self._part("relay", "workers.relay")

    def worker(self, name: str = "worker", concurrency: int = 8, queues: str = "") -> Part:
        """A worker of some queues, or of all."""
        of = ("--queues", queues) if queues else ()
        threads = ("--concurrency", str(concurrency))
        return self._part(name, "intake", "worker", *threads, *of, "--data", str(self.folder))

    def wait_ready(self) -> None:
        def ready() -> bool:
            with contextlib.suppress(httpx.HTTPError):
                return local.get(f"{self.url}/readyz", timeout=5).status_code == 200
            return False

        eventually(ready, "the web is ready")

    def post(self, name: str, notifications: str = "auto-reply,email,sms", **more: Any) -> httpx.Response:
        return post(local, self, name, notifications, **more)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    def number(self, sql: str) -> int:
        return int(self.query(sql)[0][0])

    def unfinished(self) -> int:
        return self.number("SELECT count(*) FROM job WHERE state IN ('pending', 'claimed')")

    def wait_done(self, seconds: float = PATIENCE) -> None:
        eventually(lambda: self.unfinished() == 0, "every job is finished", seconds)

    def revive(self) -> None:
        """Start again what ended by itself, as the supervisor of `intake up` does."""
        for part in self.parts.values():
            if part.process.poll() is not None:
                print(f"{part.name} ended by itself with {part.process.returncode}")
                part.kill()
                part.start()

    def wait_done_supervised(self) -> None:
        def done() -> bool:
            self.revive()
            return self.unfinished() == 0

        eventually(done, "every job is finished")

    def wait_mail(self) -> None:
        """Wait until one mail more is taken."""
        taken = len(self.smtp.mails)
        eventually(lambda: len(self.smtp.mails) > taken, "a mail is sent")

    def command(self, *arguments: str, sent: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "intake", *arguments, "--data", str(self.folder)],
            cwd=ROOT,
            env=self.environment,
            input=sent,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def reconcile(self) -> dict[str, Any]:
        """The books, which must agree."""
        ended = self.command("reconcile", "--json")
        assert ended.returncode == 0, ended.stdout + ended.stderr
        books: dict[str, Any] = json.loads(ended.stdout)
        return books

    def mails(self) -> Counter[str]:
        """How many copies of each mail were taken, by Message-ID."""
        return Counter(message_id_of(mail.content) for mail in list(self.smtp.mails))


def post(
    client: httpx.Client, stage: Stage, name: str, notifications: str = "auto-reply,email,sms", **more: Any
) -> httpx.Response:
    """Post one lead whose address is made of its name."""
    document = {
        "identifier_type": "email",
        "email": f"{name}@example.org",
        "first_name": name,
        "request_title": "A chair",
        "notifications": notifications,
    }
    return client.post(
        f"{stage.url}/platform/v1/leadgen",
        headers={"Authorization": f"Bearer {stage.token}"},
        json=document | more,
    )
