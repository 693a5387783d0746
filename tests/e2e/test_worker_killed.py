"""Workers killed in the middle of their jobs: every mail arrives, and a second copy is known for one."""

import random
import time

import pytest

from tests.e2e.conftest import Staged
from tests.e2e.part import eventually
from tests.e2e.stage import SlowSmtpServer, Stage
from tests.support.smtp_dialogue import HANG
from tests.support.smtp_server import SmtpServer

LEADS = 30
KILLS = 3


def books_of_mails(stage: Stage) -> dict[str, tuple[str, int]]:
    rows = stage.query("SELECT message_id, state, copies FROM delivery WHERE channel = 'email'")
    return {message_id: (state, copies) for message_id, state, copies in rows}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_loses_nothing_when_workers_are_killed(staged: Staged, own_database: str, seed: int) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)
    # Poison is another test's business: a job may be unlucky here each time.
    stage = staged(own_database, MAX_CRASHES="20")
    stage.use(SlowSmtpServer(0.1))
    stage.web()
    for number in range(LEADS):
        assert stage.post(f"lead-{seed}-{number}", "auto-reply,email").is_success
    stage.relay()
    worker = stage.worker(concurrency=3)
    for _ in range(KILLS):
        stage.wait_mail()
        time.sleep(chance.uniform(0, 0.4))
        worker.kill()
        worker.start()
    stage.wait_done()
    mails, books = stage.mails(), books_of_mails(stage)
    twice = {message_id for message_id, copies in mails.items() if copies > 1}
    assert set(mails) == set(books)
    assert len(books) == 2 * LEADS
    assert {state for state, _ in books.values()} == {"sent"}
    # Only a mail that was in flight at a kill goes once more, and its row tells so.
    assert max(mails.values()) <= 2
    assert all(books[message_id][1] == 2 for message_id in twice)
    assert len([copies for _, copies in books.values() if copies > 1]) <= 3 * KILLS
    assert stage.reconcile()["agrees"]


def test_it_sends_a_mail_in_flight_once_more_under_the_same_id(stage: Stage) -> None:
    stage.use(SmtpServer({"dot": [HANG]}))
    stage.web()
    stage.relay()
    worker = stage.worker(concurrency=1)
    assert stage.post("ada", "auto-reply").is_success
    eventually(lambda: stage.smtp.mails, "the server holds the mail and has not answered")
    assert stage.query("SELECT state FROM delivery") == [("in_flight",)]
    worker.kill()
    worker.start()
    stage.wait_done()
    assert list(stage.mails().values()) == [2]
    assert stage.query("SELECT state, copies FROM delivery") == [("sent", 2)]
    outcomes = [row[0] for row in stage.query("SELECT outcome FROM delivery_attempt ORDER BY id")]
    assert outcomes == ["unknown", "sent"]
    assert stage.reconcile()["agrees"]
