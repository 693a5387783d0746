"""A Messages API that answers as a test scripted, and keeps the messages that it was asked to send."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

from tests.support.loopback import Http, Loopback

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


def say(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Send an answer; its headers may stand in for ours."""
    content = json.dumps(answer.document).encode() if answer.raw is None else answer.raw
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), **answer.headers}
    handler.send_response(answer.status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


class _Handler(BaseHTTPRequestHandler):
    server: Http
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    @property
    def _sms(self) -> "SmsServer":
        assert isinstance(self.server.owner, SmsServer)
        return self.server.owner

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[-1] for name, values in parse_qs(content).items()}
        credentials = self.headers.get("Authorization", "").removeprefix("Basic ")
        answer = self._sms.answer(Asked(self.path, base64.b64decode(credentials).decode(), form))
        if isinstance(answer, Answer):
            say(self, answer)
            return
        self.close_connection = True
        if answer == HANG:
            self._sms.stopped.wait()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class SmsServer(Loopback):
    """`script` holds an answer, CLOSE or HANG for each request in turn; after the last one all are taken."""

    handler = _Handler

    def __init__(self, script: Sequence[Answer | str] = ()) -> None:
        super().__init__()
        self.script = list(script)
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        return f"twilio://{SID}:{TOKEN}@127.0.0.1:{self.port}/{SENDER}?scheme=http"

    def answer(self, asked: Asked) -> Answer | str:
        with self.lock:
            self.asked.append(asked)
            if self.script:
                return self.script.pop(0)
            return Answer(document={"sid": f"SM{len(self.asked):032x}", "status": "queued"})
