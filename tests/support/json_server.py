"""A partner's API on the loopback that answers as a test scripted."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

HANG = "hang"  # Read the request, then say nothing until the test ends.
CLOSE = "close"  # Read the request, then hang up without a word.


@dataclass(frozen=True)
class Told:
    status: int = 200
    document: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


class JsonServer:
    """`script` holds what is told for each request in turn; `usual` for those after, by their path."""

    def __init__(self) -> None:
        self.script: list[Told | str] = []
        self.usual: dict[str, object] = {}
        self.asked: list[tuple[str, str]] = []
        self.stopped = threading.Event()

    def __enter__(self) -> Self:
        self._http = _Http(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._http.shutdown()
        self._thread.join(10)
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def answer(self, path: str, authorization: str) -> Told | str:
        self.asked.append((path, authorization))
        if self.script:
            return self.script.pop(0)
        document = self.usual.get(path.partition("?")[0])
        return Told(404, {"error": {}}) if document is None else Told(document=document)


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # Closing the server waits for its threads.

    def __init__(self, server: JsonServer) -> None:
        self.scripted = server
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        answer = self.server.scripted.answer(self.path, self.headers.get("Authorization", ""))
        if isinstance(answer, str):
            if answer == HANG:
                self.server.scripted.stopped.wait()
            return
        content = json.dumps(answer.document).encode() if answer.raw is None else answer.raw
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
