"""A subscriber's server on the loopback that answers as a test scripted, and keeps what it was sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from ssl import SSLContext
from typing import Any

from standardwebhooks import Webhook

from tests.support.loopback import Http, Loopback
from tests.support.sms_server import HANG, Answer, say

ENDLESS = "endless"  # A body that never ends, as fast as it is read.
DRIP = "drip"  # An octet of a header now and then.
FLOOD = "flood"  # A header that never ends, as fast as it is read.
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
            self._misbehave(answer)
        except OSError:
            return

    def _misbehave(self, how: str) -> None:
        stopped = self._receiver.stopped
        if how == HANG:
            stopped.wait()
        if how == ENDLESS:
            self._write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        if how in (DRIP, FLOOD):
            self._write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while how in (ENDLESS, DRIP, FLOOD) and not stopped.wait(0.05 if how == DRIP else 0):
            self._write(b"x" if how == DRIP else b"no end " * 1000)

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
