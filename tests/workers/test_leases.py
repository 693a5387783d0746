"""Leases are renewed for as long as their jobs are worked on, and no longer."""

import time
from collections.abc import Callable, Iterator

import pytest

from models.business import Business
from models.job import JobKind
from models.settings import settings
from tests.workers.promised import claimed, end_lease, execute, job, promised
from workers.leases import Leases


@pytest.fixture
def one(business: Business, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setenv("LEASE_RENEWAL_SECONDS", "0.05")
    monkeypatch.setenv("LEASE_SECONDS", "3600")
    settings.cache_clear()
    yield promised(business, JobKind.OWNER_EMAIL)[0]
    settings.cache_clear()


def eventually(ask: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def is_held(job_id: int) -> bool:
    """Whether the lease runs for long; the claims of these tests are over at once."""
    return (job(job_id).next_at - job(job_id).created_at).total_seconds() > 600


def test_it_works(one: int) -> None:
    held = claimed([one], lease=0)
    with Leases().holding(held):
        eventually(lambda: is_held(one))
        # Nor does the relay ring for somebody else meanwhile.
        assert (job(one).ring_at - job(one).created_at).total_seconds() > 600
        assert claimed([one]) == []


def test_it_lets_go_when_the_work_is_done(one: int) -> None:
    leases, other = Leases(), claimed([one], lease=0)
    with leases.holding(other):
        eventually(lambda: is_held(one))
    with pytest.raises(ZeroDivisionError), leases.holding(other):
        _ = 1 / 0
    # A renewal that had begun may still land; no other follows.
    time.sleep(0.5)
    end_lease(one)
    time.sleep(0.5)
    assert not is_held(one)


def test_it_renews_no_lease_that_somebody_else_took_over(one: int) -> None:
    lost = claimed([one], lease=0)
    held = claimed([one], lease=0)
    with Leases().holding(lost):
        time.sleep(0.5)
        assert not is_held(one)
    assert job(one).claim == held[0].claim


def test_it_goes_on_after_a_renewal_that_failed(one: int) -> None:
    held = claimed([one], lease=0)
    execute("ALTER TABLE job RENAME TO job_away")
    try:
        with Leases().holding(held):
            time.sleep(0.5)
            execute("ALTER TABLE job_away RENAME TO job")
            eventually(lambda: is_held(one))
    finally:
        execute("ALTER TABLE IF EXISTS job_away RENAME TO job")
