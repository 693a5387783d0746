"""A Messages API that answers as a test scripted, and keeps the messages that it was asked to send."""

import base64
import json
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs

CLOSE = "close"  # Read the request, then hang up without a word.
HANG = "hang"  # Read the request, then say nothing until the test ends.

SID, TOKEN, SENDER = "AC0123456789abcdef0123456789abcdef", "secret-token", "+15005550006"


@dataclass(frozen=True)
class Answer:
    status: int = 201
    document: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None  # In place of the document.


@dataclass(frozen=True)
class Asked:
    """A request to send; it counts whatever was answered."""

    path: str
    user: str
    form: Mapping[str, str]


class SmsServer:
    """`script` holds an answer, CLOSE or HANG for each request in turn; after the last one all are taken."""

    def __init__(self, script: Sequence[Answer | str] = ()) -> None:
        self.script = list(script)
        self.asked: list[Asked] = []
        self.connections = 0
        self.stopped = threading.Event()
        self.lock = threading.Lock()

    def __enter__(self) -> Self:
        self._http = _Http(self)
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
        return f"twilio://{SID}:{TOKEN}@127.0.0.1:{self.port}/{SENDER}?scheme=http"

    def answer(self, asked: Asked) -> Answer | str:
        with self.lock:
            self.asked.append(asked)
            if self.script:
                return self.script.pop(0)
            return Answer(document={"sid": f"SM{len(self.asked):032x}", "status": "queued"})


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # Closing the server waits for its threads.

    def __init__(self, sms: SmsServer) -> None:
        self.sms = sms
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self.sms.connections += 1
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
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[-1] for name, values in parse_qs(content).items()}
        credentials = self.headers.get("Authorization", "").removeprefix("Basic ")
        answer = self.server.sms.answer(Asked(self.path, base64.b64decode(credentials).decode(), form))
        if isinstance(answer, Answer):
            self._say(answer)
            return
        self.close_connection = True
        if answer == HANG:
            self.server.sms.stopped.wait()

    def _say(self, answer: Answer) -> None:
        content = json.dumps(answer.document).encode() if answer.raw is None else answer.raw
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
