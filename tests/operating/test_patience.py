"""Callers that are slow, silent or boundless are cut, and hold up nobody meanwhile: `intake web` itself."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.local import local
from tests.support.web_process import (
    GENEROUS,
    WebProcess,
    answered,
    drip,
    rest,
    send_until_cut,
    web_process,
)

HEAD_SECONDS, REQUEST_SECONDS = 1.5, 4.0
LATE = 20.0  # a limit for a machine under load, never an expectation
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /platform/v1/leadgen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def environment(database: str, **more: str) -> dict[str, str]:
    times = {"HEAD_SECONDS": str(HEAD_SECONDS), "REQUEST_SECONDS": str(REQUEST_SECONDS)}
    own = {"DATABASE_URL": database, "REDIS_URL": os.environ["REDIS_URL"], "LOG_LEVEL": "INFO"}
    return own | times | more


@pytest.fixture(scope="module")
def web(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    with web_process(tmp_path_factory.mktemp("web"), environment(database)) as running:
        yield running


def status_of(answer: bytes) -> bytes:
    return answer[9:12]


def test_it_works(web: WebProcess, bearer: bytes) -> None:
    with web.call(b"GET /healthz HTTP/1.1\r\nHost:") as caller:
        answer, seconds = drip(caller, b"x")
    assert status_of(answer) == b"408"
    assert b"connection: close" in answer
    assert HEAD_SECONDS - 0.5 < seconds < LATE


def test_it_cuts_who_says_nothing(web: WebProcess) -> None:
    with web.call() as caller:
        began = time.monotonic()
        assert rest(caller) == b""
        assert HEAD_SECONDS - 0.5 < time.monotonic() - began < LATE


@pytest.mark.parametrize("piece", [b"\r\n", b"X-More: 1\r\n", b"\r"], ids=["line ends", "headers", "CR"])
def test_it_cuts_who_says_nothing_that_matters(web: WebProcess, piece: bytes) -> None:
    begun = b"" if piece != b"X-More: 1\r\n" else GET.removesuffix(b"\r\n")
    with web.call(begun) as caller:
        _, seconds = drip(caller, piece)
    assert seconds < LATE


def test_it_cuts_a_caller_who_keeps_a_used_connection_awake(web: WebProcess) -> None:
    with web.call(GET) as caller:
        assert answered(caller)[0] == 200
        _, seconds = drip(caller, b"\r\n")
    assert seconds < LATE


@pytest.mark.parametrize("framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
def test_it_cuts_a_body_that_drips(web: WebProcess, bearer: bytes, framing: bytes) -> None:
    with web.call(POST + bearer + framing + b"\r\n\r\n") as caller:
        answer, seconds = drip(caller, b"1\r\n \r\n" if b"chunked" in framing else b" ")
    assert status_of(answer) == b"408"
    assert answer.count(b"HTTP/1.1") == 1
    assert HEAD_SECONDS - 0.5 < seconds < LATE


def test_it_cuts_a_body_that_moves_for_too_long(web: WebProcess, bearer: bytes) -> None:
    with web.call(POST + bearer + b"Content-Length: 200000\r\n\r\n") as caller:
        answer, seconds = drip(caller, b" " * 250)
    assert status_of(answer) == b"408"
    assert REQUEST_SECONDS - 0.5 < seconds < LATE


def test_it_cuts_a_body_after_its_answer(web: WebProcess) -> None:
    with web.call(POST + b"Content-Length: 100000\r\n\r\n") as caller:
        assert answered(caller)[0] == 401
        answer, seconds = drip(caller, b" ")
    assert (answer, seconds < LATE) == (b"", True)


def test_it_cuts_a_login_that_drips(web: WebProcess) -> None:
    form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ntoken="
    with web.call(b"POST /desk/login HTTP/1.1\r\nHost: localhost\r\n" + form) as caller:
        answer, seconds = drip(caller, b"a")
    assert status_of(answer) == b"408"
    assert seconds < LATE


def test_it_cuts_who_does_not_fetch_the_answers(web: WebProcess) -> None:
    schema = b"GET /schema/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with web.call(schema * 40, buffer=4096) as caller:
        deadline = time.monotonic() + LATE
        while is_taken(caller):
            assert time.monotonic() < deadline
            time.sleep(0.2)


def is_taken(caller: socket.socket) -> bool:
    """Send one byte more and read nothing; whether the other side still has the connection."""
    try:
        caller.sendall(b"G")
    except ConnectionError:
        return False
    return True


def test_it_serves_others_meanwhile(web: WebProcess) -> None:
    with ExitStack() as stack:
        callers = [stack.enter_context(web.call(b"GET / HTTP/1.1\r\nX-Slow: ")) for _ in range(200)]
        slowest, cut, began = 0.0, set[socket.socket](), time.monotonic()
        while len(cut) < 200:
            assert time.monotonic() < began + LATE
            cut |= {caller for caller in callers if caller not in cut and not is_open(caller)}
            asked = time.monotonic()
            assert local.get(f"{web.url}/healthz", timeout=GENEROUS).status_code == 200
            slowest = max(slowest, time.monotonic() - asked)
            time.sleep(0.2)
    assert slowest < 1.0


def is_open(caller: socket.socket) -> bool:
    """Send one byte more; whether the connection still is one."""
    caller.settimeout(0)
    try:
        caller.send(b"x")
        return caller.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /healthz HTTP/1.1\r\nX-Long: ",
        b"GET /",
        b"POST /f/none HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;x=",
        b"POST /f/none HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: ",
    ],
    ids=["header", "target", "extension", "trailer"],
)
def test_it_reads_no_head_without_end(web: WebProcess, begun: bytes) -> None:
    before = web.resident_bytes()
    with web.call(begun) as caller:
        sent = send_until_cut(caller)
    assert sent < 20_000_000  # the kernel's buffers hold some of it
    assert web.resident_bytes() - before < 8_000_000


def test_it_takes_in_no_requests_without_end(web: WebProcess) -> None:
    before = web.resident_bytes()
    with web.call() as caller:
        sent = send_until_cut(caller, GET * 1000)
    assert sent < 20_000_000
    assert web.resident_bytes() - before < 8_000_000


def test_it_says_that_a_head_is_too_large(web: WebProcess) -> None:
    with web.call(GET.removesuffix(b"\r\n") + b"X-Long: ") as caller:
        caller.sendall(b"x" * 65_000)
        time.sleep(0.2)
        caller.sendall(b"x" * (65_536 - 65_000 - len(GET) - 6))
        assert status_of(rest(caller)) == b"431"


def test_it_takes_a_head_of_many_cookies(web: WebProcess) -> None:
    with web.call(GET.removesuffix(b"\r\n") + b"Cookie: " + b"x" * 60_000 + b"\r\n\r\n") as caller:
        assert answered(caller)[0] == 200


def test_it_lets_an_upload_move_as_it_can(web: WebProcess, bearer: bytes) -> None:
    """Longer than a head may take, in small pieces."""
    who = {"identifier_type": "email", "email": "slow@example.org", "first_name": "Ada"}
    body = b" " * 5000 + json.dumps({**who, "request_title": "x"}).encode()
    with web.call(POST + bearer + b"Content-Length: %d\r\n\r\n" % len(body)) as caller:
        for start in range(0, len(body), 512):
            caller.sendall(body[start : start + 512])
            time.sleep(0.25)
        assert answered(caller)[0] == 201


def test_it_answers_requests_on_one_connection(web: WebProcess, bearer: bytes) -> None:
    """One after the other for longer than one may take, then many at once with large bodies between them."""
    with web.call() as caller:
        for _ in range(6):
            time.sleep(HEAD_SECONDS * 0.4)
            caller.sendall(GET)
            assert answered(caller)[0] == 200
        body = b" " * 200_000 + b"{}"
        large = POST + bearer + b"Content-Length: %d\r\n\r\n" % len(body) + body
        caller.sendall((GET + large) * 5 + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        answers = rest(caller)
    assert answers.count(b"HTTP/1.1 200") == 6
    assert answers.count(b"HTTP/1.1 4") == 5
    assert b"HTTP/1.1 408" not in answers


def test_it_holds_in_each_of_several_processes(database: str, tmp_path: Path) -> None:
    with web_process(tmp_path, environment(database), "--workers", "2") as web, ExitStack() as stack:
        callers = [stack.enter_context(web.call(b"GET /")) for _ in range(30)]
        assert {status_of(rest(caller)) for caller in callers} == {b"408"}


def test_it_opens_the_door_to_more_than_the_usual_number(database: str, tmp_path: Path) -> None:
    patient = environment(database, HEAD_SECONDS="60")
    with web_process(tmp_path, patient, files=256) as web, ExitStack() as stack:
        for _ in range(600):
            stack.enter_context(web.call())
        assert local.get(f"{web.url}/healthz", timeout=5).status_code == 200


def test_it_says_how_many_it_cut(web: WebProcess) -> None:
    with web.call() as caller:
        rest(caller)
    assert "late callers cut" in web.part.log.read_text()
