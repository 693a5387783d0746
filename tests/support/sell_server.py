"""Zendesk Sell's API, as far as its documents tell, with the account that a test gave it."""

from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.support.loopback import Http, Loopback
from tests.support.sms_server import Answer, say

TOKEN = "a" * 64
Record = dict[str, Any]


class _Handler(BaseHTTPRequestHandler):
    server: Http

    def do_GET(self) -> None:
        assert isinstance(self.server.owner, SellServer)
        asked = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(asked.query).items()}
        authorized = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        answer = self.server.owner.answer(asked.path, query) if authorized else error(401, "unauthorized")
        say(self, answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class SellServer(Loopback):
    """`lists` holds records by path, those of one pipeline by a path with its query.

    `script` is what is answered in turn before all else; `closed` paths are refused with a status.
    """

    handler = _Handler

    def __init__(self, lists: dict[str, list[Record]], per_page: int = 100) -> None:
        super().__init__()
        self.lists = lists
        self.per_page = per_page
        self.closed: dict[str, int] = {}
        self.account = 77
        self.script: list[Answer] = []
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, query: dict[str, str]) -> Answer:
        self.asked.append((path, query))
        if self.script:
            return self.script.pop(0)
        name = path.removeprefix("/v2/")
        if name == "accounts/self":
            return Answer(
                200, {"data": {"id": self.account, "name": "Acme Chairs"}, "meta": {"type": "account"}}
            )
        if name in self.closed:
            return error(self.closed[name], "Not now.")
        if "pipeline_id" in query:
            name = f"{name}?pipeline_id={query['pipeline_id']}"
        if name not in self.lists:
            return error(404, "Requested path was not found.")
        return Answer(200, self.page(path, query, self.lists[name]))

    def page(self, path: str, query: dict[str, str], records: list[Record]) -> Record:
        size = min(self.per_page, int(query.get("per_page", "25")))
        number = int(query.get("page", "1"))
        shown = records[(number - 1) * size : number * size]
        links = {"self": f"https://api.getbase.com{path}"}
        if number * size < len(records):
            following = urlencode(query | {"page": str(number + 1)})
            links["next_page"] = f"https://api.getbase.com{path}?{following}"
        items = [{"data": record, "meta": {"type": "any"}} for record in shown]
        return {"items": items, "meta": {"type": "collection", "count": len(items), "links": links}}


def error(status: int, details: str) -> Answer:
    fault = {"error": {"code": "any", "message": "any", "details": details}, "meta": {"type": "error"}}
    return Answer(status, {"errors": [fault], "meta": {"type": "errors", "logref": "a"}})
