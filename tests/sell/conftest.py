"""Sell's tongue as its callers meet it: without a limit on requests, unless a test sets one."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from models.business import Business, TokenKind
from models.database import transaction
from models.operations.found import FoundBusiness, found_business
from models.operations.tokens import issue
from models.settings import settings
from tests.support.web import started


@dataclass(frozen=True)
class Seller:
    """A caller with a token of one business."""

    client: TestClient[Litestar]
    token: str
    business: Business

    def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **rest.pop("headers", {})}
        return self.client.request(method, f"/v2{path}", headers=headers, **rest)

    def get(self, path: str, **rest: Any) -> httpx.Response:
        return self.ask("GET", path, **rest)

    def delete(self, path: str, **rest: Any) -> httpx.Response:
        return self.ask("DELETE", path, **rest)

    def post(self, path: str, data: Any, **rest: Any) -> httpx.Response:
        return self.ask("POST", path, json={"data": data}, **rest)

    def put(self, path: str, data: Any, **rest: Any) -> httpx.Response:
        return self.ask("PUT", path, json={"data": data}, **rest)

    def made(self, path: str, **data: Any) -> dict[str, Any]:
        """Create a record, which must work, and give its attributes."""
        answer = self.post(path, data)
        assert answer.status_code == 200, answer.text
        created: dict[str, Any] = answer.json()["data"]
        return created

    def listed(self, path: str, **query: Any) -> list[dict[str, Any]]:
        # An empty mapping would take away what the path itself asks.
        answer = self.get(path, params=query or None)
        assert answer.status_code == 200, answer.text
        return [item["data"] for item in answer.json()["items"]]


@pytest.fixture
def unlimited(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RATE_LIMIT_SELL", "0")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def client(unlimited: None) -> Iterator[TestClient[Litestar]]:
    with started() as client:
        yield client


@pytest.fixture
def sellers(client: TestClient[Litestar]) -> Callable[[], Seller]:
    """Makes callers, each of a business of its own."""

    def made() -> Seller:
        nickname = f"acme-{uuid.uuid4().hex[:12]}"
        wanted = FoundBusiness(nickname=nickname, name="Acme Chairs", email="owner@example.org")
        with transaction() as session:
            business = found_business(session, wanted)
            return Seller(client, issue(session, business=business, kind=TokenKind.STAFF), business)

    return made


@pytest.fixture
def seller(sellers: Callable[[], Seller]) -> Seller:
    return sellers()


@pytest.fixture
def stranger(sellers: Callable[[], Seller]) -> Seller:
    """A caller of another business."""
    return sellers()
