"""/healthz, /readyz and /metrics, as a load balancer and Prometheus ask them."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from models.database import engine, transaction
from models.job import JobKind, JobState, Queue
from models.settings import settings
from tests.support.web import started


@contextmanager
def service() -> Iterator[TestClient[Litestar]]:
    with started() as client:
        yield client


@contextmanager
def elsewhere(patch: pytest.MonkeyPatch, url: str) -> Iterator[TestClient[Litestar]]:
    """The service with another address of its database."""
    with patch.context() as there:
        there.setenv("DATABASE_URL", url)
        settings.cache_clear()
        engine.cache_clear()
        with service() as client:
            yield client
        engine().dispose()
    settings.cache_clear()
    engine.cache_clear()


def owe(count: int, *, overdue: int = 0, state: JobState = JobState.PENDING) -> None:
    """So many jobs, due for so many seconds."""
    sql = (
        "INSERT INTO job (business_id, kind, queue, subject_id, state, next_at) SELECT 1, %s, %s, 1, %s, "
        "clock_timestamp() - make_interval(secs => %s) FROM generate_series(1, %s)"
    )
    with transaction() as session:
        row = (JobKind.AUTO_REPLY, Queue.EMAIL, state, overdue, count)
        session.connection().exec_driver_sql(sql, row)


def verdict(client: TestClient[Litestar]) -> str:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    return str(answer.json()["verdict"])


def gauges(client: TestClient[Litestar]) -> dict[tuple[str, ...], float]:
    """Metrics by name and label values."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_it_works(own_database: str) -> None:
    with service() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert verdict(client) == "healthy"
        assert gauges(client)["leads_jobs", "notify.email", "pending"] == 0


def test_it_says_what_is_wrong_and_stays_ready(own_database: str) -> None:
    with service() as client:
        owe(1, state=JobState.DEAD)
        one_dead = verdict(client)
        owe(2, state=JobState.DEAD)
        dead = verdict(client)
        owe(1, overdue=7200)
        late = verdict(client)

    assert one_dead.startswith("1 job is dead;")
    assert dead.startswith("3 jobs are dead;")
    assert late.startswith("notify.email: the oldest job has waited 72")


def test_it_calls_a_job_late_whose_worker_was_lost(own_database: str) -> None:
    owe(1, overdue=7200, state=JobState.CLAIMED)
    with service() as client:
        assert "the oldest job has waited" in verdict(client)


def test_it_is_patient_with_jobs_that_are_not_due(own_database: str) -> None:
    owe(1, overdue=-7200)
    owe(1, overdue=-20, state=JobState.CLAIMED)
    with service() as client:
        assert verdict(client) == "healthy"


def test_it_counts_queues_requests_and_messages(own_database: str) -> None:
    owe(2, overdue=100)
    owe(1, state=JobState.DEAD)
    with transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql(
            "INSERT INTO receipt (uid, business_id, verdict, body) VALUES ('a', 1, 'created', '')"
        )
        connection.exec_driver_sql(
            "INSERT INTO receipt (uid, business_id, verdict, body, received_at) "
            "VALUES ('b', 1, 'refused', '', now() - interval '2 days')"
        )
        connection.exec_driver_sql(
            "INSERT INTO delivery (business_id, job_id, cause, channel, template, recipient, state) "
            "VALUES (1, 1, 'c', 'sms', 'owner-sms', '+14155550100', 'sent')"
        )
    with service() as client:
        told = gauges(client)

    assert told["leads_jobs", "notify.email", "pending"] == 2
    assert told["leads_jobs", "notify.email", "dead"] == 1
    assert told["leads_oldest_job_seconds", "notify.email"] >= 100
    assert told["leads_receipts_day", "created"] == 1
    assert ("leads_receipts_day", "refused") not in told
    assert told["leads_deliveries_day", "sms", "sent"] == 1


def test_it_is_not_ready_without_its_database(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with elsewhere(monkeypatch, "postgresql://nobody:secret@127.0.0.1:1/none") as client:
        answer = client.get("/readyz")
        metrics = client.get("/metrics")
        alive = client.get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert "secret" not in answer.text
    assert (metrics.status_code, "leads_jobs{" in metrics.text) == (200, False)
    assert alive.status_code == 200


def test_it_does_not_wait_for_a_database_that_hangs(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"
        with elsewhere(monkeypatch, url) as client:
            answers = [client.get("/readyz").status_code for _ in range(2)]

    assert answers == [503, 503]


def test_it_is_ready_again_when_the_database_is(own_database: str) -> None:
    with service() as client:
        before = client.get("/readyz").status_code
        with transaction() as session:
            session.connection().exec_driver_sql("ALTER TABLE job RENAME TO hidden")
        gone = client.get("/readyz").status_code
        with transaction() as session:
            session.connection().exec_driver_sql("ALTER TABLE hidden RENAME TO job")
        after = client.get("/readyz").status_code

    assert (before, gone, after) == (200, 503, 200)
