"""A subscriber's server on the loopback that answers as a test scripted, and keeps what it was sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from ssl import SSLContext
from typing import Any

from standardwebhooks import Webhook

from tests.support.loopback import Http, Loopback
from tests.support.sms_server import CLOSE, HANG, Answer, say

ENDLESS = "endless"  # A body that never ends, as fast as it is read.
DRIP = "drip"  # An octet of a header now and then.
TAKEN = Answer(status=204, raw=b"")


@dataclass(frozen=True)
class Posted:
    """A request, whatever was answered."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def uid(self) -> str:
        return self.headers["webhook-id"]

    def document(self) -> Any:
        return json.loads(self.body)

    def verified(self, secret: str) -> Any:
        """The document, whose signature must be good."""
        return Webhook(secret).verify(self.body, dict(self.headers))


class _Handler(BaseHTTPRequestHandler):
    server: Http
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    @property
    def _receiver(self) -> "Receiver":
        assert isinstance(self.server.owner, Receiver)
        return self.server.owner

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self._receiver.next(Posted(self.path, headers, body))
        if isinstance(answer, Answer):
            say(self, answer)
            return
        self.close_connection = True
        try:
            {CLOSE: lambda: None, HANG: self._hang, ENDLESS: self._endless, DRIP: self._drip}[answer]()
        except OSError:
            return

    def _hang(self) -> None:
        self._receiver.stopped.wait()

    def _endless(self) -> None:
        self._write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while not self._receiver.stopped.is_set():
            self._write(b"no end " * 1000)

    def _drip(self) -> None:
        self._write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self._receiver.stopped.wait(0.05):
            self._write(b"x")

    def _write(self, octets: bytes) -> None:
        self.wfile.write(octets)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Receiver(Loopback):
    """`script` holds an answer or a misbehaviour for each request in turn; after the last all are taken."""

    handler = _Handler

    def __init__(
        self, script: Sequence[Answer | str] = (), port: int = 0, tls: SSLContext | None = None
    ) -> None:
        super().__init__(port, tls)
        self.script = list(script)
        self.posted: list[Posted] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def next(self, posted: Posted) -> Answer | str:
        with self.lock:
            self.posted.append(posted)
            return self.script.pop(0) if self.script else TAKEN
