"""A doorbell that asks for the process alone is believed only as far as the job still needs it."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from models.business import Business
from models.settings import settings
from tests.workers.promised import OWNER_EMAIL, Providers, claimed, job, promised, states
from workers.run import company, run


def held_while(work: Future[None]) -> bool:
    """Whether the work has to wait."""
    time.sleep(0.5)
    return not work.done()


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2)


def test_it_works(business: Business, providers: Providers, pool: ThreadPoolExecutor) -> None:
    [one] = promised(business, OWNER_EMAIL)
    for _ in range(2):
        claimed([one], lease=0)
    with company.together():
        work = pool.submit(run, [one], alone=True)
        assert held_while(work)
        # Not claimed yet: whoever dies now does not count against it.
        assert job(one).crashes == 1
    work.result(30)
    assert states(one) == ("sent", "done")
    assert job(one).crashes == 0


def test_a_copy_of_a_doorbell_keeps_nobody_waiting(
    business: Business, providers: Providers, pool: ThreadPoolExecutor
) -> None:
    [one, other] = promised(business, OWNER_EMAIL)[:1] + promised(business, OWNER_EMAIL)[:1]
    run([one])
    assert states(one) == ("sent", "done")
    with company.together():
        pool.submit(run, [one], alone=True).result(30)
        # Nor does one for a job whose worker has died but once.
        claimed([other], lease=0)
        pool.submit(run, [other], alone=True).result(30)
    assert states(other) == ("sent", "done")


def test_whoever_had_to_wait_has_all_its_time(
    business: Business, providers: Providers, pool: ThreadPoolExecutor
) -> None:
    providers.set(SMTP_CONNECT_SECONDS="0.2", CLIENT_TIMEOUT_SECONDS="0.25", BATCH_BUDGET_SECONDS="0.3")
    assert settings().batch_budget_seconds == 0.3
    [one] = promised(business, OWNER_EMAIL)
    with company.alone():
        work = pool.submit(run, [one])
        assert held_while(work)
    work.result(30)
    assert states(one) == ("sent", "done")
