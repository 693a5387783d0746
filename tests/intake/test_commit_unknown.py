"""The connection breaks while a COMMIT is done: nobody hears a 2xx, and another try doubles nothing (P22)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import func
from sqlmodel import select

from models.business import TokenKind
from models.database import transaction
from models.job import Job
from models.lead import Lead
from models.operations.tokens import issue
from tests.conftest import forget, founded
from tests.support.cutting import Cutting
from tests.support.web import Client, started

FORM = {"identifier_type": "email", "first_name": "Ada", "request_title": "A chair", "notifications": "email"}


@dataclass(frozen=True)
class Caller:
    client: Client
    way: Cutting
    token: str

    def post(self, email: str, key: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        return self.client.post("/platform/v1/leadgen", data=FORM | {"email": email}, headers=headers)

    def sell(self, last_name: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.post("/v2/leads", json={"data": {"last_name": last_name}}, headers=headers)


@pytest.fixture
def caller(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    business = founded()
    with transaction() as session:
        token = issue(session, business=business, kind=TokenKind.STAFF)
    with Cutting(own_database) as way:
        monkeypatch.setenv("DATABASE_URL", way.url)
        monkeypatch.setenv("RATE_LIMIT_SELL", "0")
        forget()
        with started() as client:
            one = Caller(client, way, token)
            assert one.post("first@example.org").status_code == 201
            yield one
        forget()
    monkeypatch.setenv("DATABASE_URL", own_database)


def count(table: type[Lead] | type[Job]) -> int:
    with transaction() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_it_works(caller: Caller) -> None:
    caller.way.cuts = 1
    refused = caller.post("ada@example.org", "key-1")
    assert (refused.status_code, caller.way.made) == (503, 1)
    assert "Retry-After" in refused.headers
    # It is there, and nobody was told.
    assert (count(Lead), count(Job)) == (2, 2)
    again = caller.post("ada@example.org", "key-1")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert (count(Lead), count(Job)) == (2, 2)


def test_without_a_key_the_person_is_known_all_the_same(caller: Caller) -> None:
    caller.way.cuts = 1
    assert caller.post("ada@example.org").status_code == 503
    assert caller.post("ada@example.org").status_code == 201
    assert count(Lead) == 2


def test_the_other_doors_say_so_too(caller: Caller) -> None:
    assert caller.sell("Warm").status_code == 200
    caller.way.cuts = 1
    assert (caller.sell("Lovelace").status_code, caller.way.made) == (503, 1)
    assert caller.sell("Hopper").status_code == 200


def test_every_one_of_a_batch_is_told(caller: Caller) -> None:
    caller.way.cuts = 1
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: caller.post(f"n{n}@example.org", f"key-{n}"), range(8)))
        refused = [n for n, answer in enumerate(answers) if answer.status_code == 503]
        assert refused
        assert {answer.status_code for answer in answers} <= {201, 503}
        again = list(pool.map(lambda n: caller.post(f"n{n}@example.org", f"key-{n}"), range(8)))
    assert {answer.status_code for answer in again} == {201}
    assert (count(Lead), count(Job)) == (9, 9)
