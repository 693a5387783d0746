"""The token bucket: so many requests a second, and as many at once."""

import pytest

from intake import rate
from intake.rate import Buckets


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_works() -> None:
    clock = Clock()
    buckets = Buckets(2, clock)
    assert [buckets.take(1) for _ in range(3)] == [True, True, False]
    assert buckets.take(2)
    clock.now += 0.5
    assert [buckets.take(1) for _ in range(2)] == [True, False]


def test_it_saves_up_no_more_than_a_second() -> None:
    clock = Clock()
    buckets = Buckets(2, clock)
    assert buckets.take(1)
    clock.now += 3600
    assert [buckets.take(1) for _ in range(3)] == [True, True, False]


def test_it_lets_all_pass_where_there_is_no_limit() -> None:
    buckets = Buckets(0, Clock())
    assert all(buckets.take(1) for _ in range(1000))


def test_it_forgets_callers_who_are_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST_BUCKETS", 3)
    clock = Clock()
    buckets = Buckets(1, clock)
    assert all(buckets.take(caller) for caller in range(3))
    clock.now += 10
    assert buckets.take(3)
    assert len(buckets._left) == 1
