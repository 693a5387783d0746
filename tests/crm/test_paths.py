"""What is not served answers in the envelope too, and every endpoint has both of its spellings."""

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from intake.app import create_app
from intake.dialects.crm.router import served
from models.settings import settings
from tests.crm.conftest import Member
from tests.support.web import Client

PATHS = [(path, min(handler.http_methods)) for handler in served for path in handler.paths]


@pytest.mark.parametrize(("path", "method"), PATHS)
@pytest.mark.parametrize("slash", ["", "/"])
def test_it_works(client: Client, path: str, method: str, slash: str) -> None:
    answer = client.request(method, f"/crm/v1{path}{slash}", follow_redirects=False)
    assert answer.status_code == 401
    assert answer.json() == {
        "status_code": 401,
        "errors": {"detail": ["Authentication credentials were not provided or are invalid."]},
        "data": {},
    }
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["", "/", "/leads", "/leads/nothing/", "/leads/create/lead/more", "/v1"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_it_knows_no_other_path(grace: Member, path: str, method: str) -> None:
    assert grace.errors(method, path, 404) == {"detail": ["There is no such endpoint."]}


@pytest.mark.parametrize(("path", "served"), PATHS)
def test_it_serves_no_other_method(grace: Member, path: str, served: str) -> None:
    other = "POST" if served == "GET" else "GET"
    assert grace.errors(other, path, 405) == {"detail": ["This endpoint does not serve the method."]}
    assert served in grace.ask(other, path).headers["allow"]


def test_it_is_served_where_the_operator_wants_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PATH", "/api/v3")
    settings.cache_clear()
    with TestClient[Litestar](create_app()) as client:
        assert client.post("/api/v3/user/login/").status_code == 401
        assert client.post("/crm/v1/user/login/").json() == {"status": 404, "message": "Not Found"}
    settings.cache_clear()


@pytest.mark.parametrize("path", ["/v2", "/api/v1/crm", "crm", "/crm/", "/", "/a b"])
def test_it_refuses_a_path_that_hides_another(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PATH", path)
    settings.cache_clear()
    with pytest.raises(ValueError, match="CRM_PATH"):
        settings()
    settings.cache_clear()
