"""Further channels by URL: one real plug-in of Apprise, against a server on the loopback."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workers.channels import apprise
from workers.channels.error import ChannelError

# Apprise's e-mail plug-in loads a module that Python 3.13 has no more.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class _Hook(BaseHTTPRequestHandler):
    status = 200
    bodies: list[dict[str, object]]

    def do_POST(self) -> None:
        self.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def hook(answer: int = 200) -> Iterator[tuple[str, list[dict[str, object]]]]:
    taken: list[dict[str, object]] = []
    handler = type("Hook", (_Hook,), {"status": answer, "bodies": taken})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"json://user:hook-secret@127.0.0.1:{server.server_address[1]}/hook", taken
        finally:
            server.shutdown()
            thread.join()


def test_it_works() -> None:
    with hook() as (url, taken):
        answer = apprise.send(url, "New enquiry", "Kitchen & bath\n{{ 7*7 }} <b>", lambda: None)

    assert (taken[0]["title"], taken[0]["message"]) == ("New enquiry", "Kitchen & bath\n{{ 7*7 }} <b>")
    assert answer == "JSON"


def test_it_lets_the_caller_commit_first() -> None:
    with hook() as (url, taken):
        seen: list[int] = []
        apprise.send(url, "Title", "Body", lambda: seen.append(len(taken)))

    assert seen == [0]


def test_it_tries_again_what_was_not_taken(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), hook(500) as (url, _), pytest.raises(ChannelError) as caught:
        apprise.send(url, "Title", "Sentinel text", lambda: None)

    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert "hook-secret" not in f"{caught.value}{caplog.text}"
    assert "Sentinel text" not in caplog.text


@pytest.mark.parametrize("url", ["", "nonsense", "no-such-scheme://x", "slack://", "syslog://", "SYSLOG://x"])
def test_it_gives_up_a_url_that_is_of_no_use(url: str) -> None:
    commits: list[int] = []
    with pytest.raises(ChannelError) as caught:
        apprise.send(url, "Title", "Body", lambda: commits.append(1))

    assert (caught.value.permanent, commits) == (True, [])
