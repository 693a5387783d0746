"""The Leads & CRM tongue as its callers meet it: members of staff of a business, logged in or not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from models.business import Business, TokenKind
from models.database import transaction
from models.operations.staff import Hire, enlist
from models.operations.tokens import issue
from tests.conftest import founded
from tests.support.web import Client, web

ADA = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.org",
    "phone": "4155550199",
    "location": "12 St James Square, London",
    "message": "Can you make 20 chairs by May?",
}


@dataclass(frozen=True)
class Member:
    """A member of a business's staff, with both headers."""

    client: Client
    business: Business
    key: str
    token: str
    user_id: int
    username: str

    @property
    def headers(self) -> dict[str, str]:
        return {"apikey": self.key, "Authorization": f"Bearer {self.token}"}

    def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        headers = self.headers | rest.pop("headers", {})
        return self.client.request(method, f"/crm/v1{path}", headers=headers, **rest)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """The data of an answer that must be a good one."""
        return data_of(self.ask("GET", path, params=query or None))

    def post(self, path: str, **fields: Any) -> dict[str, Any]:
        return data_of(self.ask("POST", path, data=fields))

    def errors(self, method: str, path: str, status: int, **rest: Any) -> dict[str, list[str]]:
        """The errors of an answer that must be a bad one."""
        answer = self.ask(method, path, **rest)
        assert answer.status_code == status, answer.text
        content = answer.json()
        assert content == {"status_code": status, "errors": content["errors"], "data": {}}
        errors: dict[str, list[str]] = content["errors"]
        return errors

    def lead(self, **fields: Any) -> str:
        """Make a lead and give its slug."""
        slug: str = self.post("/leads/create/lead/", **ADA | fields)["slug"]
        return slug


def data_of(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    content = answer.json()
    assert content == {"status_code": 200, "errors": {}, "data": content["data"]}
    data: dict[str, Any] = content["data"]
    return data


@pytest.fixture
def client(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    with web(monkeypatch, RATE_LIMIT_CRM="0", RATE_LIMIT_SELL="0") as client:
        yield client


@pytest.fixture
def hired(client: Client) -> Callable[..., Member]:
    """Adds a member to the staff of a business, with a key and a staff token."""

    def made(business: Business, username: str) -> Member:
        email = f"{username}@{business.nickname}.example.org"
        with transaction() as session:
            known = session.get_one(Business, business.id)
            user = enlist(session, known, Hire(business=known.uid, username=username, email=email))
            key = issue(session, business=known, kind=TokenKind.APP)
            token = issue(session, business=known, kind=TokenKind.STAFF, user=user)
            return Member(client, known, key, token, user.id, user.username)

    return made


@pytest.fixture
def grace(business: Business, hired: Callable[..., Member]) -> Member:
    return hired(business, "grace")


@pytest.fixture
def alan(business: Business, hired: Callable[..., Member]) -> Member:
    """Another member of the same staff."""
    return hired(business, "alan")


@pytest.fixture
def stranger(hired: Callable[..., Member]) -> Member:
    """A member of another business's staff, with the same name."""
    return hired(founded(), "grace")
