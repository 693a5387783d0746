"""What the service tells of itself at /schema."""

from litestar import Litestar
from litestar.testing import TestClient


def test_it_works(client: TestClient[Litestar]) -> None:
    schema = client.get("/schema/openapi.json").json()
    lead = schema["paths"]["/platform/v1/leadgen"]["post"]
    body = lead["requestBody"]["content"]
    assert set(body) == {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}
    assert body["application/json"]["schema"]["required"] == [
        "identifier_type",
        "first_name",
        "request_title",
    ]
    assert body["application/json"]["examples"]["lead"]["value"]["email"] == "ada@example.org"


def test_it_tells_of_every_door(client: TestClient[Litestar]) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]
    for path in (
        "/platform/v1/leads",
        "/v1/partners/leads",
        "/healthz",
        "/readyz",
        "/api/v1/leads/{reference}/convert",
        "/crm/v1/leads/overview",
        "/crm/v1/create/lead",
    ):
        assert path in paths
    assert any(path.startswith("/v2/lead_conversions") for path in paths)
