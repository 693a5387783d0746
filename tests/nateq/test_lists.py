"""GET of leads, contacts and their lists (wire.md 3.2)."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

Client = TestClient[Litestar]
Taken = Callable[..., str]


def ask(client: Client, bearer: dict[str, str], path: str, **query: Any) -> tuple[list[str], dict[str, Any]]:
    """The ids of a list, and its meta."""
    answer = client.get(f"/api/v1/{path}", headers=bearer, params=query)
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    return [one["id"] for one in answer.json()["data"]], answer.json()["meta"]


@pytest.fixture
def five(lead: Taken) -> list[str]:
    """The uids of five leads, the newest first."""
    return [lead(email=f"ada.{n}@example.org", unique_id=f"crm-{n}") for n in range(5)][::-1]


@pytest.fixture(params=["leads", "contacts"])
def listed(request: pytest.FixtureRequest, client: Client, bearer: dict[str, str], five: list[str]) -> str:
    if request.param == "contacts":
        for uid in reversed(five):
            client.post(f"/api/v1/leads/{uid}/convert", headers=bearer)
    path: str = request.param
    return path


def test_it_works(client: Client, bearer: dict[str, str], five: list[str], listed: str) -> None:
    ids, meta = ask(client, bearer, listed)
    assert ids == five
    cursors = {meta.pop("startCursor"), meta.pop("endCursor")}
    assert len(cursors) == 2
    assert meta == {
        "count": 5, "hasNext": False, "hasPrevious": False, "limit": 20, "page": 1, "pageSize": 20,
        "total": 5, "totalPages": 1,
    }  # fmt: skip


def test_it_gives_the_same_object_as_one_alone(
    client: Client, bearer: dict[str, str], five: list[str], listed: str
) -> None:
    many = client.get(f"/api/v1/{listed}", headers=bearer).json()["data"]
    alone = [client.get(f"/api/v1/{listed}/{uid}", headers=bearer).json()["data"] for uid in five]
    assert many == alone
    assert {one["isPotentialClient"] for one in many} == {listed == "leads"}


@pytest.mark.parametrize("name", ["pageSize", "limit"])
def test_it_turns_pages(
    client: Client, bearer: dict[str, str], five: list[str], listed: str, name: str
) -> None:
    for page, expected in ((1, five[:2]), (2, five[2:4]), (3, five[4:]), (4, [])):
        ids, meta = ask(client, bearer, listed, page=page, **{name: 2})
        assert ids == expected
        assert (meta["page"], meta["pageSize"], meta["limit"], meta["count"]) == (page, 2, 2, len(expected))
        assert (meta["total"], meta["totalPages"]) == (5, 3)
        assert (meta["hasNext"], meta["hasPrevious"]) == (page < 3, page > 1)


@pytest.mark.parametrize("name", ["after", "cursor"])
def test_it_follows_cursors_while_others_are_added(
    client: Client, bearer: dict[str, str], listed: str, name: str, contact: Taken
) -> None:
    five = ask(client, bearer, listed)[0]
    ids, meta = ask(client, bearer, listed, limit=2)
    contact(email="new@example.org")
    while meta["hasNext"]:
        more, meta = ask(client, bearer, listed, limit=2, **{name: meta["endCursor"]})
        ids += more
        assert meta["hasPrevious"] is True
    assert ids == five


@pytest.mark.parametrize("size", [1, 100])
def test_it_takes_sizes_up_to_a_hundred(client: Client, bearer: dict[str, str], size: int) -> None:
    assert ask(client, bearer, "contacts", limit=size) == (
        [],
        {
            "count": 0, "hasNext": False, "hasPrevious": False, "limit": size, "page": 1, "pageSize": size,
            "total": 0, "totalPages": 0,
        },
    )  # fmt: skip


def test_it_filters(client: Client, bearer: dict[str, str], five: list[str], listed: str) -> None:
    assert ask(client, bearer, listed, email="ada.3@EXAMPLE.org")[0] == five[1:2]
    assert ask(client, bearer, listed, email="eve@example.org")[0] == []
    if listed == "contacts":
        client.put(f"/api/v1/contacts/{five[1]}", headers=bearer, json={"externalId": "crm-3"})
    ids, meta = ask(client, bearer, listed, externalId="crm-3")
    assert (ids, meta["total"]) == (five[1:2], 1)
    assert ask(client, bearer, listed, externalId="crm-3", email="ada.2@example.org")[0] == []


def test_it_moves_a_converted_lead_to_the_contacts(
    client: Client, bearer: dict[str, str], five: list[str]
) -> None:
    client.post(f"/api/v1/leads/{five[0]}/convert", headers=bearer)
    assert ask(client, bearer, "leads")[0] == five[1:]
    assert ask(client, bearer, "contacts")[0] == five[:1]
    gone = client.get(f"/api/v1/leads/{five[0]}", headers=bearer).json()["data"]
    assert (gone["id"], gone["isPotentialClient"]) == (five[0], False)


def test_it_keeps_lists_to_their_business(
    client: Client, bearer: dict[str, str], stranger: dict[str, str], five: list[str], listed: str
) -> None:
    assert five
    cursor = ask(client, bearer, listed, limit=1)[1]["startCursor"]
    assert ask(client, stranger, listed)[0] == []
    assert ask(client, stranger, listed, after=cursor)[0] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"), ("page", "-1"), ("page", "one"), ("page", "1001"), ("page", "9" * 30), ("page", "²"),
        ("pageSize", "101"), ("limit", "0"), ("limit", "1.5"),
        ("after", "bm9ib2R5"), ("after", "%"), ("cursor", "é"), ("cursor", "Y29udGFjdDox"),
        ("after", "x" * 300),
        ("email", "ada"), ("externalId", "x" * 256), ("externalId", "\0"),
    ],
)  # fmt: skip
def test_it_names_the_parameter_at_fault(
    client: Client, bearer: dict[str, str], name: str, value: str
) -> None:
    answer = client.get("/api/v1/leads", headers=bearer, params={name: value})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert list(answer.json()["error"]["details"]) == [name]
    assert value not in answer.text or len(value) < 5


def test_it_ignores_parameters_that_nobody_knows(
    client: Client, bearer: dict[str, str], five: list[str]
) -> None:
    assert ask(client, bearer, "leads", sort="name", page="")[0] == five
