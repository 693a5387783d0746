"""The body of a request is read as far as the limit, over a real server and real sockets."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from litestar import Litestar, Request, Response, post

from intake.body import BadBody, read_body

LIMIT = 4096
GENEROUS = 20.0


class Doorway:
    """A server with one door that answers with the length of what it read, or with the refusal."""

    def __init__(self) -> None:
        self.refusals: list[BadBody] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        app = Litestar([self.door()], openapi_config=None)
        config = uvicorn.Config(app, ws="none", lifespan="off", log_level="critical", loop="asyncio")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]})

    def door(self) -> Any:
        @post("/", status_code=200)
        async def read(request: Request[Any, Any, Any]) -> Response[str]:
            try:
                return Response(str(len(await read_body(request, LIMIT))), media_type="text/plain")
            except BadBody as bad:
                self.refusals.append(bad)
                return Response(bad.reason, status_code=bad.status, media_type="text/plain")

        return read

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=GENEROUS)


@pytest.fixture(scope="module")
def doorway() -> Iterator[Doorway]:
    doorway = Doorway()
    doorway.thread.start()
    yield doorway
    doorway.server.should_exit = True
    doorway.thread.join(GENEROUS)
    doorway.socket.close()


def post_body(doorway: Doorway, body: bytes | Iterator[bytes]) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", doorway.port, timeout=GENEROUS)
    with contextlib.closing(connection):
        connection.request("POST", "/", body, encode_chunked=not isinstance(body, bytes))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def post_raw(doorway: Doorway, head: bytes, body: bytes) -> bytes:
    """Send a head and a part of the body, keep the connection open, and wait for the first line."""
    with doorway.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n" + body)
        with connection.makefile("rb") as answer:
            return answer.readline()


def test_it_works(doorway: Doorway) -> None:
    assert post_body(doorway, b"x" * LIMIT) == (200, str(LIMIT))
    assert post_body(doorway, b"") == (200, "0")


def test_it_reads_a_body_of_many_chunks(doorway: Doorway) -> None:
    request = b"".join(b"1\r\nx\r\n" for _ in range(500)) + b"0\r\n\r\n"

    assert post_raw(doorway, b"Transfer-Encoding: chunked", request).startswith(b"HTTP/1.1 200")


def test_it_refuses_a_longer_body(doorway: Doorway) -> None:
    assert post_raw(doorway, b"Content-Length: 4097", b"x" * 4097).startswith(b"HTTP/1.1 413")


def test_it_refuses_at_once_what_says_that_it_is_longer(doorway: Doorway) -> None:
    for length in (b"4097", b"11000000"):
        assert post_raw(doorway, b"Content-Length: " + length, b"").startswith(b"HTTP/1.1 413")


def test_it_refuses_chunks_without_end_before_they_end(doorway: Doorway) -> None:
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"

    assert post_raw(doorway, b"Transfer-Encoding: chunked", chunk * 5).startswith(b"HTTP/1.1 413")


def test_it_does_not_take_half_a_body_for_a_whole_one(doorway: Doorway) -> None:
    with doorway.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")

    deadline = time.monotonic() + GENEROUS
    while not any(bad.reason == "incomplete_body" for bad in doorway.refusals):
        assert time.monotonic() < deadline
        time.sleep(0.01)
