"""The local sinks, run as the processes that they are, and driven by our own channels."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from workers.channels.error import ChannelError
from workers.channels.smtp import Mailer
from workers.channels.twilio import TextMessenger
from workers.mail import Mail, build_mail

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextlib.contextmanager
def sink(kind: str, folder: Path) -> Iterator[tuple[int, list[str]]]:
    """A running sink: its port, and after the end what it printed."""
    port, printed = free_port(), list[str]()
    command = [sys.executable, "-m", f"workers.sinks.{kind}", "--port", str(port), "--dir", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        wait_for(port, process)
        yield port, printed
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
        printed.append(output)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail("the sink does not listen")


def a_mail(recipient: str = "ada@example.org") -> Mail:
    return build_mail(
        sender="no-reply@acme.example",
        sender_name="Acme",
        recipient=recipient,
        return_path="",
        subject="Grüße",
        text="Hello\n.\nthere\n",
        html="<p>Hello</p>",
        message_id="<n.1@acme.example>",
        date=datetime(2026, 3, 1, tzinfo=UTC),
    )


def test_it_works(tmp_path: Path) -> None:
    box = sink("mail", tmp_path / "box")
    with box as (port, printed), Mailer(f"smtp://127.0.0.1:{port}", 5.0, 30.0) as mailer:
        answer = mailer.send(a_mail(), lambda: None)
        mailer.send(a_mail("jürgen@example.org"), lambda: None)

    first, second = sorted((tmp_path / "box").iterdir())
    envelope = b"X-Envelope-From: <>\r\nX-Envelope-To: <ada@example.org>\r\n"
    assert first.read_bytes() == envelope + a_mail().content
    assert "jürgen@example.org".encode() in second.read_bytes()
    assert answer.startswith("2.0.0 Kept as ")
    assert "example.org" not in printed[0]
    assert "Traceback" not in printed[0]


def test_it_keeps_messages_for_our_eyes_only(tmp_path: Path) -> None:
    box = tmp_path / "box"
    with sink("mail", box) as (port, _), Mailer(f"smtp://127.0.0.1:{port}", 5.0, 30.0) as mailer:
        mailer.send(a_mail(), lambda: None)

    assert box.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in box.iterdir())


def test_it_asks_to_try_again_where_the_folder_is_gone(tmp_path: Path) -> None:
    box = tmp_path / "box"
    with sink("mail", box) as (port, _), Mailer(f"smtp://127.0.0.1:{port}", 5.0, 30.0) as mailer:
        box.rmdir()
        with pytest.raises(ChannelError) as caught:
            mailer.send(a_mail(), lambda: None)

    assert (caught.value.permanent, caught.value.unknown) == (False, False)


def test_it_takes_text_messages_as_twilio_does(tmp_path: Path) -> None:
    with sink("sms", tmp_path) as (port, printed):
        url = f"twilio://AC0123:token@127.0.0.1:{port}/+15005550006?scheme=http"
        with TextMessenger(url, 5.0, 30.0) as messenger:
            sid = messenger.send("+14155550100", "Grüße €", lambda: None)
            messenger.send("+14155550100", "x" * 200, lambda: None)

    first, second = [json.loads(file.read_text()) for file in sorted(tmp_path.iterdir())]
    assert all(file.name.endswith(".sms.json") for file in tmp_path.iterdir())
    assert (first["sid"], first["to"], first["from"]) == (sid, "+14155550100", "+15005550006")
    assert (first["body"], first["status"], first["num_segments"]) == ("Grüße €", "queued", "1")
    assert second["num_segments"] == "2"
    assert "+1415" not in printed[0]
    assert "Traceback" not in printed[0]


def test_it_refuses_text_messages_as_twilio_does(tmp_path: Path) -> None:
    form = {"To": "+14155550100", "From": "+15005550006", "Body": "Hello"}
    with sink("sms", tmp_path) as (port, _), httpx.Client(verify=False, trust_env=False) as client:
        url = f"http://127.0.0.1:{port}/2010-04-01/Accounts/AC1/Messages.json"

        def refusal(changed: dict[str, str], account: str = "AC1", path: str = url) -> tuple[int, int]:
            answer = client.post(path, data={**form, **changed}, auth=(account, "token"))
            return answer.status_code, answer.json()["code"]

        assert client.post(url, data=form).status_code == 401
        assert client.post(url, data=form, headers={"Authorization": "Basic ?"}).status_code == 401
        assert refusal({}, account="AC2") == (401, 20003)
        assert refusal({"To": "12345"}) == (400, 21211)
        assert refusal({"To": "+1415555010x"}) == (400, 21211)
        assert refusal({"To": ""}) == (400, 21604)
        assert refusal({"From": ""}) == (400, 21603)
        assert refusal({"Body": ""}) == (400, 21602)
        assert refusal({"Body": "x" * 1_601}) == (400, 21617)
        assert refusal({}, path=f"http://127.0.0.1:{port}/elsewhere") == (404, 20404)

    assert list(tmp_path.iterdir()) == []


def test_it_stops_with_an_idle_connection_open(tmp_path: Path) -> None:
    with sink("sms", tmp_path / "sms") as (port, _), socket.create_connection(("127.0.0.1", port), 5):
        pass
    with sink("mail", tmp_path / "mail") as (port, _), socket.create_connection(("127.0.0.1", port), 5):
        pass
