"""The relay: which jobs are rung, how many with one doorbell, and how often again."""

from collections.abc import Iterator

import psycopg
import pytest

from models.business import Business
from models.database import transaction
from models.job import JobKind, JobState
from models.operations.claim import give_back
from models.operations.ring import DUE, LONGEST_SILENCE, Due, due_jobs
from tests.conftest import founded
from tests.workers.promised import claimed, execute, job, promised
from workers.relay import Doorbell, doorbells

AGAIN = 30.0


@pytest.fixture
def connection(own_database: str) -> Iterator[psycopg.Connection]:
    """The relay's own connection, to a database in which no other test owes anything."""
    with psycopg.connect(own_database.replace("+psycopg", "")) as connection:
        yield connection


@pytest.fixture
def business(connection: psycopg.Connection) -> Business:
    return founded()


def due(connection: psycopg.Connection, limit: int = 500) -> list[int]:
    jobs = [job.id for job in due_jobs(connection, AGAIN, limit)]
    connection.commit()
    return jobs


def jobs(count: int, attempts: int = 0, start: int = 0) -> list[Due]:
    return [Due(start + number, "notify.email", attempts) for number in range(count)]


def test_it_works(connection: psycopg.Connection, business: Business) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)
    found = due_jobs(connection, AGAIN, 500)
    assert {(job.id, job.queue) for job in found} == set(
        zip(ids, ("notify.email", "notify.sms"), strict=True)
    )
    connection.commit()
    assert due(connection) == []


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, []), (1, [1]), (24, [1] * 24), (25, [2] * 12 + [1]), (240, [10] * 24), (2400, [50] * 48)],
)
def test_it_rings_few_jobs_one_by_one_and_many_together(count: int, sizes: list[int]) -> None:
    batches = doorbells(jobs(count), 50)
    assert [len(batch.ids) for batch in batches] == sizes
    assert [one for batch in batches for one in batch.ids] == list(range(count))


def test_it_rings_by_itself_what_was_tried_before() -> None:
    batches = doorbells(jobs(100) + jobs(3, attempts=1, start=100), 50)
    assert batches[-3:] == [Doorbell([100]), Doorbell([101]), Doorbell([102])]
    assert [one for batch in batches[:-3] for one in batch.ids] == list(range(100))


def test_it_lets_what_may_have_killed_its_worker_work_alone(
    connection: psycopg.Connection, business: Business
) -> None:
    [one] = promised(business, JobKind.OWNER_EMAIL)
    claimed([one], lease=0)
    # Hundreds of others may have been in work then: it goes on beside them.
    assert doorbells(due_jobs(connection, AGAIN, 500), 50) == [Doorbell([one])]
    connection.commit()
    # It was in work when it happened again.
    claimed([one], lease=0)
    assert doorbells(due_jobs(connection, AGAIN, 500), 50) == [Doorbell([one], alone=True)]
    connection.commit()
    # A worker that was asked to stop gives it back, and it is no less suspect for that.
    [held] = claimed([one], lease=0)
    with transaction() as session:
        give_back(session, [one], held.claim)
    execute("UPDATE job SET attempts = 1 WHERE id = %s", one)
    assert doorbells(due_jobs(connection, AGAIN, 500), 50) == [Doorbell([one], alone=True)]


def test_it_rings_again_what_a_crash_kept_from_ringing(
    connection: psycopg.Connection, business: Business
) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL)
    due_jobs(connection, AGAIN, 500)
    connection.rollback()
    assert due(connection) == ids


def test_it_lets_two_relays_share_the_work(
    connection: psycopg.Connection, business: Business, own_database: str
) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)
    first = [job.id for job in due_jobs(connection, AGAIN, 1)]
    with psycopg.connect(own_database.replace("+psycopg", "")) as other:
        second = due(other)
    assert sorted(first + second) == ids


@pytest.mark.parametrize("state", [JobState.DONE, JobState.DEAD, JobState.CANCELLED])
def test_it_rings_for_nothing_that_is_finished(
    connection: psycopg.Connection, business: Business, state: JobState
) -> None:
    promised(business, JobKind.OWNER_EMAIL)
    execute("UPDATE job SET state = %s", state)
    assert due(connection) == []


def test_it_leaves_a_worker_its_lease(connection: psycopg.Connection, business: Business) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL)
    claimed(ids, lease=3600)
    assert due(connection) == []
    execute("UPDATE job SET next_at = clock_timestamp(), ring_at = clock_timestamp()")
    assert due(connection) == ids


@pytest.mark.parametrize(
    ("overdue", "silent"),
    [(0, AGAIN), (20, AGAIN), (90, 90), (300, LONGEST_SILENCE), (86_400, LONGEST_SILENCE)],
)
def test_it_rings_ever_more_rarely_where_nobody_listens(
    connection: psycopg.Connection, business: Business, overdue: float, silent: float
) -> None:
    """Else the doorbells of a day without workers would fill Redis."""
    [one] = promised(business, JobKind.OWNER_EMAIL)
    execute("UPDATE job SET next_at = clock_timestamp() - make_interval(secs => %s)", overdue)
    asked = connection.execute("SELECT clock_timestamp()").fetchone()
    assert asked is not None
    assert due(connection) == [one]
    assert silent - 1 < (job(one).ring_at - asked[0]).total_seconds() < silent + 30


def test_it_looks_at_no_job_that_waits_for_a_later_day(
    connection: psycopg.Connection, business: Business
) -> None:
    """A million mails that a provider put off must not cost a scan a second."""
    execute(
        "INSERT INTO job (business_id, kind, queue, subject_id, next_at, ring_at)"
        " SELECT %s, 'owner_email', 'notify.email', 1, n, n FROM"
        " (SELECT clock_timestamp() + make_interval(days => g) AS n FROM generate_series(1, 5000) g) AS s",
        business.id,
    )
    execute("ANALYZE job")
    named = {"again_after": AGAIN, "longest": LONGEST_SILENCE, "limit": 500, "last_crash": 2}
    plan = connection.execute(f"EXPLAIN (COSTS OFF) {DUE}", named).fetchall()
    lines = [str(row[0]).strip() for row in plan]
    assert any(line.startswith("Index Cond: (ring_at <=") for line in lines), lines
