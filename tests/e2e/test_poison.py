"""A job that kills its worker each time is dead after three deaths, and takes no other along (P11)."""

import os
import signal

from tests.e2e.conftest import Staged
from tests.e2e.stage import SlowSmtpServer, Stage

GOOD = 40
POISON = "poison@example.org"


class PoisonedSmtpServer(SlowSmtpServer):
    """To deliver one address kills whoever tries, at once; the others take their time."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(0.15)
        self.stage = stage
        self.kills = 0

    def action(self, stage: str) -> str | None:
        if stage == "RCPT" and POISON in self.commands[-1]:
            self.kills += 1
            os.killpg(self.stage.parts["worker"].process.pid, signal.SIGKILL)
        return super().action(stage)


def test_it_works(staged: Staged, own_database: str) -> None:
    stage = staged(own_database, LEASE_SECONDS="2", LEASE_RENEWAL_SECONDS="0.5")
    server = PoisonedSmtpServer(stage)
    stage.use(server)
    stage.web()
    for number in range(GOOD):
        assert stage.post(f"lead-{number}", "auto-reply").is_success
        if number == GOOD // 2:
            assert stage.post("poison", "auto-reply").is_success
    stage.relay()
    stage.worker()
    stage.wait_done_supervised()
    dead = stage.query("SELECT last_error FROM job WHERE state = 'dead'")
    assert dead == [("its worker died 3 times in a row",)]
    assert server.kills == 3
    states = "SELECT DISTINCT d.state FROM delivery d JOIN job j ON j.id = d.job_id WHERE j.state = 'done'"
    assert stage.query(states) == [("sent",)]
    # A mail that was in flight at a death goes once more, and is known for it.
    assert len(stage.mails()) == GOOD
    assert stage.reconcile()["agrees"]
