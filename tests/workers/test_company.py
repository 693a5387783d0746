"""One job may have the process to itself, and everybody comes in in the order of coming."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from workers.company import Company


class Worker:
    """A thread that enters a company, and stays until it is told to leave."""

    def __init__(self, enter: Callable[[], AbstractContextManager[None]]) -> None:
        self.inside, self._leave = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, args=(enter,))
        self._thread.start()

    def _work(self, enter: Callable[[], AbstractContextManager[None]]) -> None:
        with enter():
            self.inside.set()
            self._leave.wait(30)

    def leave(self) -> None:
        self._leave.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


def is_kept_out(worker: Worker) -> bool:
    return not worker.inside.wait(0.1)


def comes_in(worker: Worker) -> bool:
    return worker.inside.wait(30)


@contextmanager
def entered(enter: Callable[[], AbstractContextManager[None]]) -> Iterator[Worker]:
    worker = Worker(enter)
    time.sleep(0.02)  # So that the next one comes after it.
    try:
        yield worker
    finally:
        worker.leave()


@pytest.fixture
def company() -> Company:
    return Company()


def test_it_works(company: Company) -> None:
    with entered(company.together) as one, entered(company.together) as other:
        assert comes_in(one)
        assert comes_in(other)


def test_who_works_alone_waits_for_all_and_keeps_all_out(company: Company) -> None:
    with entered(company.together) as early, entered(company.alone) as alone:
        assert comes_in(early)
        assert is_kept_out(alone)
        early.leave()
        assert comes_in(alone)
        with entered(company.together) as late, entered(company.alone) as second:
            assert is_kept_out(late)
            assert is_kept_out(second)
            alone.leave()
            assert comes_in(late)
            assert is_kept_out(second)
            late.leave()
            assert comes_in(second)


def test_whoever_comes_after_one_who_waits_to_be_alone_waits_too(company: Company) -> None:
    with (
        entered(company.together) as early,
        entered(company.alone) as alone,
        entered(company.together) as late,
    ):
        assert is_kept_out(late)
        early.leave()
        assert comes_in(alone)
        alone.leave()
        assert comes_in(late)


def test_who_works_alone_may_work_as_usual(company: Company) -> None:
    with company.alone(), company.together(), company.together():
        pass
    with entered(company.together) as other:
        assert comes_in(other)


def test_a_fault_lets_the_next_one_in(company: Company) -> None:
    with pytest.raises(ZeroDivisionError), company.alone():
        _ = 1 / 0
    with entered(company.alone) as other:
        assert comes_in(other)
