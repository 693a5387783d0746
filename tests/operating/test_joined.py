"""An answer's head and body come as one piece, and nobody waits for a head that nothing follows."""

import os
from collections.abc import Iterator

import pytest

from tests.support.web_process import WebProcess, web_process

MOST = 65_536


@pytest.fixture(scope="module")
def web(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    own = {"DATABASE_URL": database, "REDIS_URL": os.environ["REDIS_URL"]}
    with web_process(tmp_path_factory.mktemp("web"), own) as running:
        yield running


def request(line: str, *headers: bytes) -> bytes:
    return b"".join((f"{line} HTTP/1.1\r\nHost: localhost\r\n".encode(), *headers, b"\r\n"))


def test_it_works(web: WebProcess) -> None:
    with web.call() as caller:
        for _ in range(3):
            caller.sendall(request("GET /healthz"))
            head, _, body = caller.recv(MOST).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert len(body) == int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]) > 0


def test_a_head_without_a_body_is_not_kept(web: WebProcess) -> None:
    with web.call(request("OPTIONS /platform/v1/leadgen")) as caller:
        assert caller.recv(MOST).startswith(b"HTTP/1.1 204")
        caller.sendall(request("HEAD /healthz"))
        assert caller.recv(MOST).endswith(b"\r\n\r\n")
        caller.sendall(request("GET /healthz"))
        assert caller.recv(MOST).startswith(b"HTTP/1.1 200")


def test_a_head_is_sent_before_the_connection_ends(web: WebProcess) -> None:
    with web.call(request("HEAD /healthz", b"Connection: close\r\n")) as caller:
        assert caller.recv(MOST).startswith(b"HTTP/1.1 ")
        assert caller.recv(MOST) == b""


def test_who_waits_for_a_word_before_the_body_hears_it(web: WebProcess, bearer: bytes) -> None:
    body = b'{"identifier_type":"email","email":"ada@example.org","first_name":"Ada","request_title":"Oak"}'
    headers = (bearer, b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body))
    with web.call(request("POST /platform/v1/leadgen", *headers, b"Expect: 100-continue\r\n")) as caller:
        assert caller.recv(MOST) == b"HTTP/1.1 100 Continue\r\n\r\n"
        caller.sendall(body)
        answer = caller.recv(MOST)
    assert answer.startswith(b"HTTP/1.1 201")
    assert b'"status":"OK"' in answer


def test_answers_of_requests_sent_ahead_come_in_order(web: WebProcess) -> None:
    sent = (
        request("GET /healthz") + request("GET /nothing") + request("GET /healthz", b"Connection: close\r\n")
    )
    came = b""
    with web.call(sent) as caller:
        while piece := caller.recv(MOST):
            came += piece
    assert [part[:3] for part in came.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200"]
