"""One provider hangs with a backlog before it: the other ways to reach people do not wait (P28, P44)."""

import pytest

from intake.commands.group import WORKERS
from tests.e2e.part import eventually
from tests.e2e.stage import Stage
from tests.support.smtp_dialogue import HANG
from tests.support.smtp_server import SmtpServer

LEADS = 40


@pytest.mark.parametrize("stage_of_hanging", ["connect", "dot"])
def test_it_works(stage: Stage, stage_of_hanging: str) -> None:
    server = SmtpServer({stage_of_hanging: HANG})
    stage.use(server)
    stage.web()
    stage.relay()
    for name, queues in WORKERS.items():
        stage.worker(name, queues=queues)
    for number in range(LEADS):
        assert stage.post(f"lead-{number}", "auto-reply,email,sms").is_success
    # All of them, while each mail waits for its patience to end.
    eventually(lambda: len(stage.sms.asked) == LEADS, "all texts are sent")
    assert stage.number("SELECT count(*) FROM delivery WHERE channel = 'email' AND state = 'sent'") == 0
    assert stage.unfinished() == 2 * LEADS
    server.script.clear()
    server.drop_connections()
    stage.wait_done()
    assert len(stage.mails()) == 2 * LEADS
    assert stage.reconcile()["agrees"]
