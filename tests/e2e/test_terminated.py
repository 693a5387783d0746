"""SIGTERM under load, as a deployment sends it: every part ends by itself, nothing is lost or doubled."""

import socket
import time

import pytest

from tests.e2e.conftest import Staged
from tests.e2e.load import loaded
from tests.e2e.part import PATIENCE
from tests.e2e.stage import SlowSmtpServer, Stage


def test_a_request_under_way_is_answered(stage: Stage) -> None:
    """A caller who has sent half of a lead when the web is asked to end hears that the whole is kept."""
    web = stage.web()
    body = b"identifier_type=email&email=ada%40example.org&first_name=Ada&request_title=A+chair"
    head = (
        f"POST /platform/v1/leadgen HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {stage.token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", stage.port), timeout=PATIENCE) as caller:
        caller.sendall(head.encode() + body[:20])
        time.sleep(0.5)
        web.process.terminate()
        time.sleep(0.5)
        # Nobody new is let in.
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", stage.port), timeout=PATIENCE)
        caller.sendall(body[20:])
        assert caller.recv(65_536).startswith(b"HTTP/1.1 201 ")
    assert web.process.wait(PATIENCE) in {0, -15}
    assert stage.number("SELECT count(*) FROM lead") == 1


def test_it_works(staged: Staged, own_database: str) -> None:
    stage = staged(own_database)
    stage.use(SlowSmtpServer(0.05))
    parts = [stage.worker(), stage.relay(), stage.web()]
    with loaded(stage) as load:
        for part in parts:
            stage.wait_mail()
            code = part.terminate()
            assert code in {0, -15}, f"{part.name} ended with {code}"
            part.start()
        stage.wait_ready()
        time.sleep(1)
    stage.wait_done()
    kept = {row[0].removesuffix("@example.org") for row in stage.query("SELECT email FROM lead")}
    assert load.accepted <= kept <= set(load.answers)
    assert set(load.answers.values()) <= {0, 201}
    ids = {row[0] for row in stage.query("SELECT message_id FROM delivery")}
    assert stage.mails() == dict.fromkeys(ids, 1)
    assert len(ids) == 2 * len(kept)
    assert stage.reconcile()["deliveries"] == {"sent": len(ids)}
