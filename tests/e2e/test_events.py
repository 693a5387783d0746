"""A lead comes in, and a subscriber hears of it: with all parts as processes of their own."""

import pytest

from tests.e2e.conftest import Staged
from tests.e2e.part import eventually, free_port
from tests.e2e.stage import Stage
from tests.support.receiver import Receiver


@pytest.fixture
def running(staged: Staged, own_database: str) -> Stage:
    stage = staged(own_database, WEBHOOK_NETWORKS="127.0.0.0/8", WEBHOOK_REST_SECONDS="0")
    stage.relay()
    stage.worker()
    return stage


def subscribe(stage: Stage, url: str) -> str:
    """The secret of a new subscription."""
    nickname = stage.query("SELECT nickname FROM business")[0][0]
    done = stage.command(
        "subscription", "create", "--business", nickname, "--url", url, "--events", "lead.created"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().split("\t")[1]


def test_it_works(running: Stage) -> None:
    with Receiver() as receiver:
        secret = subscribe(running, receiver.url)
        running.web()
        answer = running.post("ada", notifications="email")
        running.wait_done()
        [posted] = receiver.posted
    told = posted.verified(secret)
    assert told["data"]["lead"]["uid"] == answer.json()["uid"]
    assert running.reconcile()["promised"] == 1


def test_it_tells_when_the_receiver_is_back(running: Stage) -> None:
    port = free_port()
    secret = subscribe(running, f"http://127.0.0.1:{port}/hook")
    running.web()
    running.post("grace", notifications="email")
    # The mail goes while nobody listens there.
    running.wait_mail()
    eventually(lambda: running.number("SELECT count(*) FROM event_attempt") >= 1, "a first try is made")
    with Receiver(port=port) as receiver:
        running.query("UPDATE job SET next_at = clock_timestamp(), ring_at = clock_timestamp() RETURNING 1")
        eventually(lambda: len(receiver.posted) >= 1, "the event is told")
        running.wait_done()
        assert receiver.posted[0].verified(secret)["type"] == "lead.created"
    assert running.query("SELECT status, error FROM event_attempt ORDER BY id")[0] == (0, "ConnectError")
    assert running.query("SELECT failing_since FROM subscription") == [(None,)]
