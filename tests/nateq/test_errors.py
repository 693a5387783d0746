"""What callers of /api/v1 hear when something is wrong: codes and envelope (wire.md 3.2)."""

import socket
from typing import Any

import pytest
from litestar import Litestar
from litestar.datastructures import Headers
from litestar.testing import TestClient

from intake.dialects.nateq.caller import key_of
from intake.dialects.nateq.envelope import BadKey
from intake.dialects.nateq.router import router
from models.business import Business, TokenKind
from models.database import transaction
from models.operations.tokens import issue, listed, revoke
from tests.conftest import forget

Client = TestClient[Litestar]

SHAPED = "tg_live_" + "x" * 56


def error_of(answer: Any) -> tuple[int, str]:
    """Status and code of a failure, whose envelope is whole."""
    envelope = answer.json()
    assert list(envelope) == ["error", "message", "success"]
    assert envelope["success"] is False
    assert envelope["error"]["message"] == envelope["message"] != ""
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-request-id"]
    return answer.status_code, envelope["error"]["code"]


def keyed(business: Business, *scopes: str) -> dict[str, str]:
    with transaction() as session:
        token = issue(session, business=business, kind=TokenKind.APP, scopes=scopes)
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("spelling", ["Bearer {}", "bearer  {}", "{}"])
def test_it_works(client: Client, token: str, spelling: str) -> None:
    answer = client.get("/api/v1/leads", headers={"Authorization": spelling.format(token)})
    assert (answer.status_code, answer.json()["data"]) == (200, [])


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "MISSING_API_KEY"),
        ("", "MISSING_API_KEY"),
        ("Basic YTpi", "INVALID_AUTH_FORMAT"),
        ("Bearer", "INVALID_AUTH_FORMAT"),
        ("Bearer ", "INVALID_AUTH_FORMAT"),
        (f'Token token="{SHAPED}"', "INVALID_AUTH_FORMAT"),
        ("x" * 64, "INVALID_AUTH_FORMAT"),
        ("Bearer " + "x" * 64, "INVALID_API_KEY_FORMAT"),
        ("Bearer tg_live_short", "INVALID_API_KEY_FORMAT"),
        ("tg_prod_" + "x" * 56, "INVALID_API_KEY_FORMAT"),
        (SHAPED + "x", "INVALID_API_KEY_FORMAT"),
        (f"Bearer {SHAPED} {SHAPED}", "INVALID_API_KEY_FORMAT"),
        (SHAPED, "INVALID_API_KEY"),
        (f"Bearer {SHAPED}", "INVALID_API_KEY"),
    ],
)
def test_it_tells_what_is_wrong_with_a_key(client: Client, header: str | None, code: str) -> None:
    headers = {} if header is None else {"Authorization": header}
    for method, path in (("GET", "leads"), ("POST", "leads/x/convert"), ("PUT", "contacts/x")):
        answer = client.request(method, f"/api/v1/{path}", headers=headers)
        assert error_of(answer) == (401, code)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert SHAPED not in answer.text


def test_it_refuses_two_keys_at_once() -> None:
    with pytest.raises(BadKey) as refused:
        key_of(Headers([(b"authorization", SHAPED.encode())] * 2))
    assert refused.value.code == "INVALID_AUTH_FORMAT"


def test_it_refuses_a_revoked_key(client: Client, token: str, business: Business) -> None:
    with transaction() as session:
        revoke(session, listed(session, business)[0].id)
    answer = client.get("/api/v1/leads", headers={"Authorization": token})
    assert error_of(answer) == (401, "INVALID_API_KEY")


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "leads", "leads:read"),
        ("GET", "leads/x", "leads:read"),
        ("GET", "contacts", "leads:read"),
        ("GET", "contacts/x", "leads:read"),
        ("GET", "conversions/x", "leads:read"),
        ("PUT", "contacts/x", "leads:write"),
        ("POST", "leads/x/convert", "convert"),
    ],
)
def test_it_asks_for_the_scope_of_each_endpoint(
    client: Client, business: Business, method: str, path: str, scope: str
) -> None:
    others = {"leads:read", "leads:write", "convert"} - {scope}
    answer = client.request(method, f"/api/v1/{path}", headers=keyed(business, *others), json={})
    assert error_of(answer) == (403, "INSUFFICIENT_SCOPE")
    answer = client.request(method, f"/api/v1/{path}", headers=keyed(business, scope), json={})
    assert answer.status_code in {200, 404}


def test_it_lets_a_business_be_named_by_its_own_name_only(
    client: Client, bearer: dict[str, str], business: Business
) -> None:
    own = client.get("/api/v1/leads", headers=bearer | {"X-On-Behalf-Of": business.uid})
    assert own.status_code == 200
    other = client.get("/api/v1/leads", headers=bearer | {"X-On-Behalf-Of": "somebody-else"})
    assert error_of(other) == (403, "INSUFFICIENT_PERMISSION")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/"),
        ("GET", "/tickets"),
        ("POST", "/tickets/1/close"),
        ("DELETE", "/tickets"),
        ("GET", "/leads/x/notes"),
        ("POST", "/leads/x/convert/again"),
        ("GET", "/contacts/x/y/z"),
        ("GET", "/conversions"),
        ("GET", "/conversions/x/y"),
        ("GET", "/leads/list/"),
    ],
)
def test_it_answers_404_to_an_unknown_path(
    client: Client, bearer: dict[str, str], method: str, path: str
) -> None:
    assert error_of(client.request(method, f"/api/v1{path}", headers=bearer)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/leads", "GET"),
        ("DELETE", "/leads/x", "GET"),
        ("GET", "/leads/x/convert", "POST"),
        ("POST", "/contacts", "GET"),
        ("PATCH", "/contacts/x", "GET, PUT"),
        ("PUT", "/conversions/x", "GET"),
    ],
)
def test_it_answers_405_to_other_methods(client: Client, method: str, path: str, allowed: str) -> None:
    answer = client.request(method, f"/api/v1{path}")
    assert error_of(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"{", "application/json", (400, "VALIDATION_ERROR")),
        (b"", "application/json", (400, "VALIDATION_ERROR")),
        (b"[]", "application/json", (400, "VALIDATION_ERROR")),
        (b'{"name": "a\\u0000"}', "application/json", (400, "VALIDATION_ERROR")),
        (b'{"name": "a", "name": "b"}', "application/json", (400, "VALIDATION_ERROR")),
        (b"{}", "text/plain", (415, "UNSUPPORTED_MEDIA_TYPE")),
        (b"x" * 262_145, "application/json", (413, "REQUEST_ENTITY_TOO_LARGE")),
    ],
)
def test_it_refuses_a_body_that_cannot_be_read(
    client: Client, bearer: dict[str, str], body: bytes, content_type: str, expected: tuple[int, str]
) -> None:
    headers = bearer | {"Content-Type": content_type}
    answer = client.put("/api/v1/contacts/anyone", headers=headers, content=body)
    assert error_of(answer) == expected


def test_it_asks_to_try_again_when_the_database_is_gone(
    client: Client, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/api/v1/leads", headers=bearer).status_code == 200
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # Bound and not listening: whoever calls is turned away at once.
        monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@127.0.0.1:{taken.getsockname()[1]}/none")
        forget()
        answer = client.get("/api/v1/leads", headers=bearer)
    assert error_of(answer) == (503, "SERVICE_UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0
    monkeypatch.undo()
    forget()


def test_it_describes_itself() -> None:
    paths = Litestar([router]).openapi_schema.to_schema()["paths"]
    served = {(path, method) for path, methods in paths.items() for method in methods}
    assert served == {
        ("/api/v1/leads", "get"),
        ("/api/v1/leads/{reference}", "get"),
        ("/api/v1/leads/{reference}/convert", "post"),
        ("/api/v1/contacts", "get"),
        ("/api/v1/contacts/{reference}", "get"),
        ("/api/v1/contacts/{reference}", "put"),
        ("/api/v1/conversions/{uid}", "get"),
    }
    update = paths["/api/v1/contacts/{reference}"]["put"]
    assert update["requestBody"]["content"]["application/json"]["schema"]["properties"]["language"]
