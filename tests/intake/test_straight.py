"""The busy doors answer alike by the short way and by the framework's own."""

from typing import Any

import pytest
from litestar import Response, post

from intake.door import AnyRequest
from intake.straight import STRAIGHT, handler_of
from tests.intake.leadgen import MINIMAL, URL, Client

LONG = f"{URL}/"


def is_straight(client: Client, path: str) -> bool:
    scope: Any = {"type": "http", "method": "POST", "path": path, "headers": [(b"host", b"localhost")]}
    return handler_of(client.app, scope) is not None


def test_it_works(client: Client, bearer: dict[str, str]) -> None:
    assert (is_straight(client, URL), is_straight(client, LONG)) == (True, False)
    short, long = (client.post(path, headers=bearer, json=MINIMAL) for path in (URL, LONG))
    assert (short.status_code, short.json().keys()) == (long.status_code, long.json().keys())
    assert short.json()["uid"] == long.json()["uid"]
    assert short.headers.keys() == long.headers.keys()


@pytest.mark.parametrize(
    ("change", "status"), [({"first_name": ""}, 400), ({"email": "ada"}, 422), ({"tags": [1]}, 422)]
)
def test_it_refuses_alike(
    client: Client, bearer: dict[str, str], change: dict[str, Any], status: int
) -> None:
    short, long = (client.post(path, headers=bearer, json=MINIMAL | change) for path in (URL, LONG))
    assert (short.status_code, short.json()) == (long.status_code, long.json())
    assert short.status_code == status


@pytest.mark.parametrize("path", [URL, LONG])
def test_it_says_alike_that_a_key_was_used_before(client: Client, bearer: dict[str, str], path: str) -> None:
    headers = bearer | {"Idempotency-Key": "once"}
    first, again = (client.post(path, headers=headers, json=MINIMAL) for _ in range(2))
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"


def test_an_answer_that_cannot_be_written_is_a_fault_told_in_words(client: Client) -> None:
    @post("/broken", opt=STRAIGHT)
    async def broken(request: AnyRequest) -> Response[Any]:
        return Response({"never": object()})

    client.app.register(broken)
    answer = client.post("/broken")
    assert (answer.status_code, answer.json()) == (500, {"status": 500, "message": "Internal error"})
    assert len(answer.headers.get_list("x-request-id")) == 1
