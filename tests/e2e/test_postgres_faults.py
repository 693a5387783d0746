"""PostgreSQL paused and killed: callers hear of it soon, and nothing needs a restart afterwards."""

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator

import httpx
import psycopg

from tests.e2e.conftest import Running, Staged
from tests.e2e.load import Load, loaded
from tests.e2e.part import eventually
from tests.e2e.stage import Stage, post
from tests.support.local import local

BUDGET = "2"
# Seconds; the budget is spent once for waiting and once in the air, and the rest is for a machine under load.
LONGEST_ANSWER = 15.0


def started(staged: Staged, postgres: Running, redis: Running) -> Stage:
    stage = staged(postgres.url, redis.url, DATABASE_BUDGET_SECONDS=BUDGET)
    stage.relay()
    stage.worker()
    stage.web()
    return stage


@contextlib.contextmanager
def paused(postgres: Running, stage: Stage) -> Iterator[None]:
    """No process of the server runs meanwhile: it neither answers nor refuses."""
    with psycopg.connect(stage.database_url, autocommit=True) as connection:
        postgres.process.send_signal(signal.SIGSTOP)
        rows = connection.execute("SELECT pid FROM pg_stat_activity ORDER BY pid = pg_backend_pid()")
        pids = [row[0] for row in rows]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in [*pids, postgres.process.pid]:
                os.kill(pid, signal.SIGCONT)


def posts_again(stage: Stage, name: str) -> None:
    eventually(lambda: stage.post(name, "auto-reply,email").status_code == 201, "posts succeed again")


def agrees(stage: Stage, load: Load) -> None:
    """Every lead that was answered is there; every one that is there got its mails."""
    stage.wait_done()
    kept = Counter(row[0].removesuffix("@example.org") for row in stage.query("SELECT email FROM lead"))
    assert set(kept.values()) == {1}
    assert load.accepted <= set(kept)
    assert set(load.answers.values()) == {201, 503}
    assert load.slowest < LONGEST_ANSWER
    copies = dict(stage.query("SELECT message_id, copies FROM delivery"))
    mails = stage.mails()
    assert set(mails) == set(copies)
    # A mail that left while its outcome could not be written down goes once more, and is known for it.
    assert all(count == 1 or copies[message_id] == 2 for message_id, count in mails.items())
    assert max(mails.values()) <= 2
    assert stage.reconcile()["agrees"]


def test_it_answers_soon_while_the_database_is_paused(
    staged: Staged, own_postgres: Running, own_redis: Running
) -> None:
    stage = started(staged, own_postgres, own_redis)
    with loaded(stage) as load:
        eventually(lambda: stage.smtp.mails, "the first mail")
        with paused(own_postgres, stage):
            refused = stage.post("refused")
            assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
            assert local.get(f"{stage.url}/healthz", timeout=LONGEST_ANSWER).status_code == 200
            time.sleep(6)
        posts_again(stage, "afterwards")
    agrees(stage, load)


def test_it_answers_soon_when_more_callers_wait_than_fly(
    staged: Staged, own_postgres: Running, own_redis: Running
) -> None:
    small = {"LANE_BATCH": "5", "LANE_FLIGHTS": "1"}
    stage = staged(own_postgres.url, own_redis.url, DATABASE_BUDGET_SECONDS=BUDGET, **small)
    stage.web()
    assert stage.post("before").status_code == 201
    statuses: list[int] = []

    def ask(number: int) -> None:
        client = httpx.Client(verify=False, timeout=LONGEST_ANSWER)
        with client, contextlib.suppress(httpx.TimeoutException):
            statuses.append(post(client, stage, f"waiting-{number}").status_code)

    with paused(own_postgres, stage):
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(80)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [503] * 80
    posts_again(stage, "afterwards")


def test_it_takes_the_first_lead_after_a_restart(
    staged: Staged, own_postgres: Running, own_redis: Running
) -> None:
    """The web's connections died unseen, and nobody was told to come again."""
    stage = staged(own_postgres.url, own_redis.url)
    stage.web()
    assert stage.post("before").status_code == 201
    own_postgres.process.send_signal(signal.SIGQUIT)
    own_postgres.process.wait(60)
    own_postgres.start()
    assert [stage.post(f"after-{number}").status_code for number in range(3)] == [201] * 3
    assert stage.number("SELECT count(*) FROM lead") == 4


def test_it_needs_no_restart_after_the_database_was_killed(
    staged: Staged, own_postgres: Running, own_redis: Running
) -> None:
    stage = started(staged, own_postgres, own_redis)
    with loaded(stage) as load:
        eventually(lambda: stage.smtp.mails, "the first mail")
        own_postgres.process.send_signal(signal.SIGQUIT)  # "immediate": it ends without a checkpoint
        own_postgres.process.wait(60)
        refused = stage.post("refused")
        assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
        time.sleep(3)
        own_postgres.start()
        posts_again(stage, "afterwards")
    agrees(stage, load)
    assert all(part.process.poll() is None for part in stage.parts.values())
