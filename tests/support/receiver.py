"""A subscriber's server on the loopback that answers as a test scripted, and keeps what it was sent."""

import json
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any, Self

from standardwebhooks import Webhook

from tests.support.sms_server import CLOSE, HANG, Answer

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


class Receiver:
    """`script` holds an answer or a misbehaviour for each request in turn; after the last all are taken."""

    def __init__(
        self, script: Sequence[Answer | str] = (), port: int = 0, tls: SSLContext | None = None
    ) -> None:
        self.script = list(script)
        self.posted: list[Posted] = []
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self._port = port
        self._tls = tls

    def __enter__(self) -> Self:
        self._http = _Http(self, self._port)
        if self._tls is not None:
            self._http.socket = self._tls.wrap_socket(self._http.socket, server_side=True)
        self.port: int = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._http.shutdown()
        self._thread.join(10)
        self._http.hang_up()
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def next(self, posted: Posted) -> Answer | str:
        with self.lock:
            self.posted.append(posted)
            return self.script.pop(0) if self.script else TAKEN


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # Closing the server waits for its threads.

    def __init__(self, receiver: Receiver, port: int) -> None:
        self.receiver = receiver
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self._open.add(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        for sock in list(self._open):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.receiver.next(Posted(self.path, headers, body))
        if isinstance(answer, Answer):
            self._say(answer)
            return
        self.close_connection = True
        try:
            {CLOSE: lambda: None, HANG: self._hang, ENDLESS: self._endless, DRIP: self._drip}[answer]()
        except OSError:
            return

    def _hang(self) -> None:
        self.server.receiver.stopped.wait()

    def _endless(self) -> None:
        self._write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while not self.server.receiver.stopped.is_set():
            self._write(b"no end " * 1000)

    def _drip(self) -> None:
        self._write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.server.receiver.stopped.wait(0.05):
            self._write(b"x")

    def _write(self, octets: bytes) -> None:
        self.wfile.write(octets)
        self.wfile.flush()

    def _say(self, answer: Answer) -> None:
        content = json.dumps(answer.document).encode() if answer.raw is None else answer.raw
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
