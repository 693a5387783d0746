"""SIGTERM under load, as a deployment sends it: every part ends by itself, nothing is lost or doubled."""

import time

from tests.e2e.conftest import Staged
from tests.e2e.load import loaded
from tests.e2e.stage import SlowSmtpServer


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
