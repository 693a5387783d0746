"""Redis flushed, stopped and paused: it carries doorbells, so nothing is lost with it."""

import base64
import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import redis

from models.business import Business
from models.database import transaction
from models.identifiers import email_address, new_uid
from models.job import JobKind
from models.lead import IdentityKind
from models.operations.capture import capture_lead
from models.operations.commands import Arrival, CaptureLead
from tests.conftest import founded
from tests.e2e.conftest import Running, Staged
from tests.e2e.load import Load, loaded
from tests.e2e.part import eventually
from tests.e2e.stage import Stage
from tests.support.local import local
from workers.relay import MOST_WAITING

MESSAGES = 1000
LONGEST_HELD = 10.0  # seconds for which row locks may wait for Redis


def promise(business: Business, count: int) -> None:
    for number in range(count):
        arrival = Arrival(uid=new_uid(), business_id=business.id, door="leadgen", body=b"")
        wanted = CaptureLead(
            arrival=arrival,
            match_on=IdentityKind.EMAIL,
            email=email_address(f"lead-{number}@example.org"),
            title="A chair",
            notifications=frozenset({JobKind.AUTO_REPLY}),
        )
        with transaction() as session:
            capture_lead(session, wanted)


def doorbells(client: "redis.Redis") -> list[int]:
    """The ids of the jobs that wait on Redis to be run."""
    keys = [key for key in client.scan_iter("*notify.email") if client.type(key) == b"list"]
    messages = [json.loads(message) for key in keys for message in client.lrange(key, 0, -1)]
    return [job for message in messages for job in ids_in(message)]


def ids_in(message: dict[str, str]) -> list[int]:
    arguments: list[list[list[int]]] = json.loads(base64.b64decode(message["body"]))
    return arguments[0][0]


def ticks(seconds: float) -> Iterator[None]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.2)


def relay_holds(stage: Stage) -> float:
    """How long the relay's transaction has been open, in seconds."""
    ages = "SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::float"
    return float(stage.query(f"{ages} FROM pg_stat_activity WHERE application_name = 'leads-relay'")[0][0])


def arrived(stage: Stage, load: Load) -> None:
    """Whatever was answered with 2xx got its messages, each once."""
    assert all(status in {0, 201} for status in load.answers.values())
    recipients = Counter(mail.recipients[0] for mail in stage.smtp.mails)
    owner = stage.query("SELECT email FROM business")[0][0]
    replies = {f"{name}@example.org": 1 for name in load.accepted}
    assert recipients == Counter({**replies, owner: len(load.accepted)})
    assert set(stage.mails().values()) == {1}
    assert stage.reconcile()["agrees"]


def test_it_sends_a_thousand_messages_though_their_doorbells_were_flushed(
    staged: Staged, own_database: str, own_redis: Running
) -> None:
    stage = staged(own_database, own_redis.url)
    promise(founded(), MESSAGES)
    stage.relay()
    with redis.from_url(own_redis.url) as client:
        eventually(lambda: len(set(doorbells(client))) == MESSAGES, "every job was rung")
        client.flushall()
    stage.worker()
    stage.wait_done()
    recipients = Counter(mail.recipients[0] for mail in stage.smtp.mails)
    assert recipients == Counter({f"lead-{number}@example.org": 1 for number in range(MESSAGES)})
    assert stage.reconcile()["deliveries"] == {"sent": MESSAGES}


def test_it_lets_no_more_doorbells_wait_than_may(
    staged: Staged, own_database: str, own_redis: Running
) -> None:
    stage = staged(own_database, own_redis.url)
    key = f"{stage.environment['REDIS_PREFIX']}notify.email"
    rung = "SELECT count(*) FROM job WHERE ring_at > clock_timestamp() + interval '0.5 s'"
    with redis.from_url(own_redis.url) as client:
        client.rpush(key, *["{}"] * MOST_WAITING)
        promise(founded(), 1)
        stage.relay()
        eventually(lambda: stage.number(rung) == 1, "the relay looked at the job")
        assert client.llen(key) == MOST_WAITING
        client.delete(key)
        eventually(lambda: len(doorbells(client)) == 1, "the job was rung when there was room")


def test_it_takes_leads_while_redis_is_stopped(staged: Staged, own_database: str, own_redis: Running) -> None:
    stage = staged(own_database, own_redis.url)
    relay, _, web = stage.relay(), stage.worker(), stage.web()
    with loaded(stage) as load:
        eventually(lambda: stage.smtp.mails, "the first mail")
        own_redis.kill()
        answered = len(load.answers)
        time.sleep(20)
        assert len(load.answers) > answered
        own_redis.start()
        time.sleep(2)
    stage.wait_done_supervised()
    assert set(load.answers.values()) == {201}
    # Celery's own consumer may end when an acknowledgement meets the break, so it is supervised.
    assert (relay.restarts, web.restarts) == (0, 0)
    arrived(stage, load)


def test_it_takes_leads_while_redis_is_paused(staged: Staged, own_database: str, own_redis: Running) -> None:
    stage = staged(own_database, own_redis.url)
    stage.relay()
    stage.worker()
    stage.web()
    with loaded(stage) as load:
        eventually(lambda: stage.smtp.mails, "the first mail")
        own_redis.process.send_signal(signal.SIGSTOP)
        held = [relay_holds(stage) for _ in ticks(10)]
        own_redis.process.send_signal(signal.SIGCONT)
        time.sleep(2)
    stage.wait_done_supervised()
    assert set(load.answers.values()) == {201}
    print(f"the relay's longest transaction: {max(held):.1f} s")
    assert 0 < max(held) < LONGEST_HELD
    arrived(stage, load)


def test_it_takes_leads_while_redis_is_full(
    staged: Staged, own_database: str, own_redis: Running, tmp_path: Path
) -> None:
    counts = tmp_path / "counts"
    counts.mkdir()
    stage = staged(own_database, own_redis.url, PROMETHEUS_MULTIPROC_DIR=str(counts))
    with redis.from_url(own_redis.url) as client:
        client.config_set("maxmemory", 1)
        stage.relay()
        stage.web()
        assert stage.post("ada").status_code == 201
        eventually(lambda: publish_errors(stage), "the relay counts what is not taken")
        assert stage.unfinished() == 3
        client.config_set("maxmemory", 0)
    stage.worker()
    stage.wait_done()
    assert stage.reconcile()["deliveries"] == {"sent": 3}


def publish_errors(stage: Stage) -> float:
    lines = local.get(f"{stage.url}/metrics").text.splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("leads_publish_errors_total "))
