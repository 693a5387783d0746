"""X-Request-Id is on every answer, once, whatever became of the request."""

import pytest

from tests.intake.leadgen import URL, Client


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("POST", URL, 401),
        ("GET", "/no/such/path", 404),
        ("GET", "/platform/v1/nothing", 404),
        ("GET", URL, 405),
        ("OPTIONS", URL, 204),
    ],
)
def test_it_is_on_every_answer(client: Client, method: str, path: str, status: int) -> None:
    answers = [client.request(method, path) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [status, status]
    first, second = (answer.headers.get_list("x-request-id") for answer in answers)
    assert (len(first), len(second), first == second) == (1, 1, False)


def test_it_leaves_the_methods_that_are_served_where_they_were(client: Client) -> None:
    assert "POST" in client.get(URL).headers["allow"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/healthz"), ("POST", URL)])
def test_it_stays_when_the_host_is_none(client: Client, method: str, path: str) -> None:
    answer = client.request(method, path, headers={"Host": "a b"})
    assert (answer.status_code, len(answer.headers.get_list("x-request-id"))) == (400, 1)
