"""Whatever is sent to /v2 is answered, and never with a fault of ours."""

from typing import Any

import pytest

from tests.sell.conftest import Seller
from tests.sell.test_deals import deal_of

VALUES: tuple[Any, ...] = (
    None, "", "x", 0, -1, 10**17, -(10**17), 1.5, True, [], ["a"], [None], {}, {"a": None}, {"line1": 5},
    "2020-01-01", "9999-12-31T23:59:59-12:00", {"a": {"b": [1]}}, "contact", "\u00e9" * 500, "\U0001f600",
)  # fmt: skip
QUERIES = (
    "email=%ff", "page=%ff", "ids=1,,2", "ids=,", "ids=9999999999999999999", "email=%ed%a0%80", "q=%25%5c",
    "name=%00", "%00=1", "address[city]=%00", "address[]=1", "custom_fields[%00]=1", "custom_fields[a]=%f0",
    "sort_by=", "sort_by=:", "sort_by=custom_fields:", "sort_by=custom_fields:a'b", "page=", "per_page=1e3",
    "phone=%2b", "estimated_close_date=0000-00-00", "resource_type=lead&resource_id=0", "cursor=%ff",
    "page=\u0663", "owner_id=-1", "stage_id=999999999999999999", "creator_id=999999999999999999",
)  # fmt: skip
PATHS = ("/leads/%00", "/leads/%ff", "/leads/-1", "/leads/1e3", "/leads/\u0663", "/%00", "/leads/..%2f")


def made(seller: Seller, path: str) -> dict[str, Any]:
    if path == "/deals":
        return deal_of(seller)
    sent = {"/tasks": {"content": "x"}, "/tags": {"name": "x", "resource_type": "lead"}}
    return seller.made(path, **sent.get(path, {"last_name": "x"}))


@pytest.mark.parametrize("path", ["/leads", "/contacts", "/deals", "/tasks", "/tags"])
def test_it_works(seller: Seller, path: str) -> None:
    record = made(seller, path)
    for name in record:
        for value in VALUES:
            answer = seller.put(f"{path}/{record['id']}", {name: value})
            assert answer.status_code in (200, 422), (name, value)
            assert answer.headers["x-request-id"]
    assert seller.get(f"{path}/{record['id']}").status_code == 200


@pytest.mark.parametrize("path", ["/leads", "/contacts", "/deals", "/tasks", "/users", "/lead_conversions"])
def test_it_reads_any_query(seller: Seller, path: str) -> None:
    for query in QUERIES:
        assert seller.get(f"{path}?{query}").status_code in (200, 400), query


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_reads_any_path(seller: Seller, method: str) -> None:
    for path in PATHS:
        answer = seller.ask(method, path)
        assert answer.status_code in (400, 404, 405, 415), path
        assert answer.json()["meta"]["type"] == "errors"


def test_it_describes_itself(seller: Seller) -> None:
    paths = seller.client.get("/schema/openapi.json").json()["paths"]
    assert {"/v2/leads", "/v2/leads/{record_id}", "/v2/lead_conversions"} <= paths.keys()
    assert not [path for path in paths if "rest" in path]
