"""A partner's API on the loopback that answers as a test scripted."""

from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler

from tests.support.loopback import Http, Loopback
from tests.support.sms_server import CLOSE, HANG, Answer, say

__all__ = ["CLOSE", "HANG", "JsonServer", "Told"]


@dataclass(frozen=True)
class Told(Answer):
    status: int = 200


class _Handler(BaseHTTPRequestHandler):
    server: Http

    def do_GET(self) -> None:
        assert isinstance(self.server.owner, JsonServer)
        self.server.owner.headers.append(self.headers)
        answer = self.server.owner.answer(self.path, self.headers.get("Authorization", ""))
        if isinstance(answer, Told):
            say(self, answer)
        elif answer == HANG:
            self.server.owner.stopped.wait()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class JsonServer(Loopback):
    """`script` holds what is told for each request in turn; `usual` for those after, by their path."""

    handler = _Handler

    def __init__(self) -> None:
        super().__init__()
        self.script: list[Told | str] = []
        self.usual: dict[str, object] = {}
        self.asked: list[tuple[str, str]] = []
        self.headers: list[Message] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, authorization: str) -> Told | str:
        self.asked.append((path, authorization))
        if self.script:
            return self.script.pop(0)
        document = self.usual.get(path.partition("?")[0])
        return Told(404, {"error": {}}) if document is None else Told(document=document)
