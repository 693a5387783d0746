"""What every request of /v2 is held to, and how it is refused (wire.md 2.1 to 2.4)."""

import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from models.business import Business, TokenKind
from models.database import transaction
from models.operations.directories import add_business, found_directory
from models.operations.tokens import Scope, issue
from models.settings import settings
from tests.conftest import forget
from tests.sell.conftest import Seller
from tests.support.web import started


def only_error(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The one error of an answer that is as an error has to be."""
    document = answer.json()
    assert answer.status_code == status
    assert document["meta"]["type"] == "errors"
    assert document["meta"]["http_status"].startswith(f"{status} ")
    assert document["meta"]["logref"] == answer.headers["x-request-id"]
    assert len(document["errors"]) == 1
    assert document["errors"][0]["meta"]["type"] == "error"
    assert "more_info" in document["errors"][0]["meta"]["links"]
    error: dict[str, Any] = document["errors"][0]["error"]
    assert error["code"] == code
    assert error["message"]
    return error


def test_it_works(seller: Seller) -> None:
    answer = seller.get("/leads")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["content-language"] == "en"
    assert answer.headers["x-request-id"]
    assert answer.json()["meta"]["count"] == 0


@pytest.mark.parametrize("token", ["", "INVALID", "tg_live_" + "x" * 56])
def test_it_refuses_whoever_has_no_token(seller: Seller, token: str) -> None:
    answer = seller.get("/users/self", headers={"Authorization": f"Bearer {token}"})
    error = only_error(answer, 401, "unauthorized")
    assert error["details"] == "Required access token is missing, malformed, expired, or invalid."


def test_it_asks_for_a_user_agent(seller: Seller) -> None:
    only_error(seller.get("/leads", headers={"User-Agent": ""}), 400, "invalid_user_agent")


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "application/xml, text/*"])
def test_it_speaks_only_json(seller: Seller, accept: str) -> None:
    only_error(seller.get("/leads", headers={"Accept": accept}), 406, "invalid_header")


@pytest.mark.parametrize("accept", ["*/*", "text/html, application/json;q=0.1", "Application/*"])
def test_it_speaks_json_wherever_it_is_allowed(seller: Seller, accept: str) -> None:
    assert seller.get("/leads", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/nothing", "/nothing/at/all", "/leads/1/x", "/leads/x", "/leads/99999999999999999999",
        "/leads/upsert/x", "/users/self/x", "/lead", "/pipelines/1", "/lead_conversions/batches",
        "/lead_conversions/batches/none", "/deals/1/associated_contacts", "/text_messages/1",
    ],
)  # fmt: skip
def test_it_says_in_sells_words_that_there_is_nothing(seller: Seller, path: str) -> None:
    only_error(seller.get(path), 404, "not_found")


def test_it_tells_a_stranger_too_that_a_path_is_none(seller: Seller) -> None:
    answer = seller.client.get("/v2/nothing")
    error = only_error(answer, 404, "not_found")
    assert (error["message"], error["details"]) == ("Not Found", "Requested path was not found.")


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/leads"), ("DELETE", "/accounts/self"), ("POST", "/stages"), ("PATCH", "/leads/1")],
)
def test_it_says_which_methods_a_path_has(seller: Seller, method: str, path: str) -> None:
    answer = seller.ask(method, path)
    only_error(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "path",
    ["/users/self?unknown=param", "/leads?unknown=param&another=one", "/leads?address[planet]=x",
     "/lead_conversions?unknown=1", "/lead_statuses?unknown=1", "/leads?page=1&page=2", "/leads?email=%00"],
)  # fmt: skip
def test_it_names_one_parameter_that_it_does_not_know(seller: Seller, path: str) -> None:
    error = only_error(seller.get(path), 400, "invalid_param")
    assert error["message"] == "invalid request query parameter"


@pytest.mark.parametrize(
    ("path", "most"), [("/leads", 100), ("/lead_conversions", 200), ("/visit_outcomes", 200)]
)
def test_it_says_how_large_a_page_may_be(seller: Seller, path: str, most: int) -> None:
    assert seller.get(path, params={"per_page": most}).status_code == 200
    error = only_error(seller.get(path, params={"per_page": most + 1}), 400, "invalid_param")
    assert error["details"] == (
        "The request query parameter 'per_page' is malformed, missing, or has an invalid value "
        f"(must be between 1 and {most}, given: {most + 1})"
    )


@pytest.mark.parametrize("query", ["page=0", "page=x", "sort_by=nothing", "sort_by=id:up", "ids=1,x"])
def test_it_refuses_malformed_parameters(seller: Seller, query: str) -> None:
    only_error(seller.get(f"/leads?{query}"), 400, "invalid_param")


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "invalid_payload"),
        (b"", "application/json", 400, "invalid_payload"),
        (b'{"data": []}', "application/json", 422, "incorrect_payload"),
        (b'{"last_name": "x"}', "application/json", 422, "incorrect_payload"),
        (b"data=x", "application/x-www-form-urlencoded", 415, "invalid_header"),
        (b'{"data": {"last_name": "' + b"x" * 300_000 + b'"}}', "application/json", 413, "invalid_payload"),
    ],
)
def test_it_refuses_other_bodies(seller: Seller, body: bytes, kind: str, status: int, code: str) -> None:
    answer = seller.ask("POST", "/leads", content=body, headers={"Content-Type": kind})
    only_error(answer, status, code)


def test_it_tells_every_attribute_that_is_wrong(seller: Seller) -> None:
    sent = {"last_name": 5, "invalid_field": 1, "address": {"planet": "Mars"}, "owner_id": "x", "tags": "a"}
    errors = [one["error"] for one in seller.post("/leads", sent).json()["errors"]]
    assert {(one["field"], one["code"], one["resource"]) for one in errors} == {
        ("/last_name", "invalid_type", "lead"),
        ("/invalid_field", "unknown", "lead"),
        ("/address", "incorrect_value", "lead"),
        ("/owner_id", "invalid_type", "lead"),
        ("/tags", "invalid_type", "lead"),
    }
    unknown = next(one for one in errors if one["code"] == "unknown")
    assert unknown["message"] == "unknown attribute"
    assert unknown["details"] == (
        "The attribute '/invalid_field' is not a known attribute for the 'lead' resource."
    )


def test_it_keeps_to_the_scopes_of_a_token(seller: Seller) -> None:
    with transaction() as session:
        reader = issue(session, business=seller.business, kind=TokenKind.APP, scopes=[Scope.LEADS_READ])
    reading = Seller(seller.client, reader, seller.business)
    assert reading.get("/leads").status_code == 200
    only_error(reading.post("/leads", {"last_name": "x"}), 403, "insufficient_scope")
    only_error(reading.post("/lead_conversions", {"lead_id": 1}), 403, "insufficient_scope")


def test_it_lets_an_app_act_for_the_owner(seller: Seller) -> None:
    with transaction() as session:
        app = issue(session, business=seller.business, kind=TokenKind.APP)
    lead = Seller(seller.client, app, seller.business).made("/leads", last_name="x")
    assert lead["creator_id"] == lead["owner_id"] == seller.get("/users/self").json()["data"]["id"]


def test_it_asks_a_directory_for_its_business(seller: Seller) -> None:
    with transaction() as session:
        directory = found_directory(session, f"Partners of {seller.business.nickname}")
        token = issue(session, directory=directory, kind=TokenKind.DIRECTORY)
    partner = Seller(seller.client, token, seller.business)
    only_error(partner.get("/leads"), 403, "insufficient_scope")
    other = {"X-On-Behalf-Of": seller.business.uid}
    only_error(partner.get("/leads", headers=other), 403, "insufficient_scope")


def test_it_lets_a_directory_act_for_a_business_of_its_own(seller: Seller) -> None:
    with transaction() as session:
        directory = found_directory(session, f"Partners of {seller.business.nickname}")
        add_business(session, directory, session.get_one(Business, seller.business.id))
        token = issue(session, directory=directory, kind=TokenKind.DIRECTORY)
    answer = Seller(seller.client, token, seller.business).post(
        "/leads", {"last_name": "x"}, headers={"X-On-Behalf-Of": seller.business.uid}
    )
    assert answer.status_code == 200
    assert seller.listed("/leads") == [answer.json()["data"]]


def test_it_says_later_while_the_database_is_away(seller: Seller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"postgresql://nobody@127.0.0.1:{port}/none")
        forget()
        with started() as client:
            answer = Seller(client, seller.token, seller.business).get("/leads")
    forget()
    only_error(answer, 503, "temporarily_unavailable")
    assert answer.headers["retry-after"]


def test_it_answers_a_deletion_without_a_byte(seller: Seller) -> None:
    lead = seller.made("/leads", last_name="x")
    answer = seller.delete(f"/leads/{lead['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-length" not in answer.headers or answer.headers["content-length"] == "0"


def test_it_pages_and_ends_with_an_empty_page(seller: Seller) -> None:
    ids = [seller.made("/leads", last_name=str(n))["id"] for n in range(5)]
    seen = []
    for page, count in ((1, 2), (2, 2), (3, 1), (4, 0)):
        document = seller.get("/leads", params={"per_page": 2, "page": page, "sort_by": "id"}).json()
        assert document["meta"]["type"] == "collection"
        assert document["meta"]["count"] == count
        assert ("next_page" in document["meta"]["links"]) == (page < 3)
        assert ("prev_page" in document["meta"]["links"]) == (page > 1)
        seen += [item["data"]["id"] for item in document["items"]]
    assert seen == ids
    assert seller.get("/leads?page=1000000000&per_page=100").json()["items"] == []


def test_it_follows_its_own_links(seller: Seller) -> None:
    for n in range(3):
        seller.made("/leads", last_name=str(n), address={"city": "New York & more"})
    query = {"per_page": 1, "address[city]": "New York & more", "sort_by": "last_name:desc"}
    seen, link = [], str(httpx.URL("http://localhost:8000/v2/leads", params=query))
    while link:
        document = seller.get(link.removeprefix("http://localhost:8000/v2")).json()
        seen += [item["data"]["last_name"] for item in document["items"]]
        link = document["meta"]["links"].get("next_page")
    assert seen == ["2", "1", "0"]


def test_it_slows_down_a_token_that_asks_too_often(
    sellers: Callable[[], Seller], monkeypatch: pytest.MonkeyPatch
) -> None:
    fast, calm = sellers(), sellers()
    monkeypatch.setenv("RATE_LIMIT_SELL", "2")
    settings.cache_clear()
    with started() as client:
        answers = [Seller(client, fast.token, fast.business).get("/users/self") for _ in range(30)]
        assert Seller(client, calm.token, calm.business).get("/users/self").status_code == 200
    assert answers[0].status_code == 200
    only_error(next(one for one in answers if one.status_code == 429), 429, "rate_limit_exceeded")
