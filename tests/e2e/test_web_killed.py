"""The web killed under load: what got a 2xx is on disk, and nothing is there twice."""

import random
import time

import pytest

from tests.e2e.load import loaded
from tests.e2e.stage import Stage

KILLS = 3


@pytest.mark.parametrize("seed", [11, 12])
def test_it_keeps_every_lead_that_was_answered(stage: Stage, seed: int) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)
    web = stage.web()
    with loaded(stage, rate=60, threads=6) as load:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.5, 1.5))
            web.kill()
            web.start()
            stage.wait_ready()
        time.sleep(0.5)
    kept = [row[0].removesuffix("@example.org") for row in stage.query("SELECT email FROM lead")]
    assert len(kept) == len(set(kept))
    assert load.accepted <= set(kept) <= set(load.answers)
    assert set(load.answers.values()) <= {0, 201}
    assert len(load.accepted) > KILLS
    assert stage.number("SELECT count(*) FROM job") == 2 * len(kept)
    assert stage.reconcile()["promised"] == 2 * len(kept)
