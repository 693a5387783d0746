"""The one task: claim a batch, do each, record each; a fault of one job is that job's alone."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from models.business import Business
from models.database import engine
from models.job import JobKind, JobState
from tests.conftest import founded
from tests.workers.promised import Providers, claimed, execute, job, promised
from workers import run as module
from workers.handlers.notify import Notify
from workers.run import run, stop_soon, work_off


@pytest.fixture
def told_to_stop() -> Iterator[None]:
    stop_soon()
    yield
    module.stopping.clear()


def states(ids: list[int]) -> list[str]:
    return [job(one).state for one in ids]


def test_it_works(providers: Providers, business: Business) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)
    run(ids)
    assert states(ids) == [JobState.DONE] * 2


@pytest.mark.parametrize("ids", [None, "1", [None], ["1"], [True], [1.0], {"ids": [1]}, [[1]]])
def test_it_refuses_a_doorbell_that_is_none(providers: Providers, ids: Any) -> None:
    run(ids)
    assert providers.smtp.commands == []


def test_it_passes_over_what_is_not_there(providers: Providers, business: Business) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL)
    run([-1, 2**62, *ids])
    assert states(ids) == [JobState.DONE]


def test_it_keeps_a_fault_to_the_job_that_has_it(providers: Providers, business: Business) -> None:
    bad = founded()
    execute("UPDATE business SET timezone = 'Nowhere/Land' WHERE id = %s", bad.id)
    ids = promised(business, JobKind.OWNER_EMAIL) + promised(bad, JobKind.OWNER_EMAIL)
    ids += promised(business, JobKind.OWNER_EMAIL)
    run(ids)
    assert states(ids) == [JobState.DONE, JobState.PENDING, JobState.DONE]
    assert job(ids[1]).last_error == "ZoneInfoNotFoundError in owner_email"


def test_it_buries_a_job_that_fails_too_often(providers: Providers) -> None:
    providers.set(MAX_ATTEMPTS="2")
    bad = founded()
    execute("UPDATE business SET timezone = 'Nowhere/Land' WHERE id = %s", bad.id)
    ids = promised(bad, JobKind.OWNER_EMAIL)
    run(ids)
    run(ids)
    assert states(ids) == [JobState.DEAD]


def test_it_gives_back_what_it_has_no_time_for(providers: Providers, business: Business) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)
    with engine().connect() as connection:
        autocommitting = connection.execution_options(isolation_level="AUTOCOMMIT")
        work_off(Notify, autocommitting, claimed(ids), deadline=time.monotonic() - 1)
    assert states(ids) == [JobState.PENDING] * 2
    assert [job(one).attempts for one in ids] == [0, 0]
    run(ids)
    assert states(ids) == [JobState.DONE] * 2


@pytest.mark.usefixtures("told_to_stop")
def test_it_gives_back_what_it_has_not_begun_when_told_to_stop(
    providers: Providers, business: Business
) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)
    run(ids)
    assert states(ids) == [JobState.PENDING] * 2
    assert (providers.smtp.mails, providers.sms.asked) == ([], [])


def test_it_has_two_connections_for_each_of_many_threads(database: str) -> None:
    """One for a doorbell's messages and one to look things up: with fewer, all would wait for one another."""
    with ExitStack() as stack:
        assert len([stack.enter_context(engine().connect()) for _ in range(2 * 12)]) == 24
