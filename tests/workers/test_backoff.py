"""How long a job waits before its next try."""

import pytest

from workers.backoff import JITTER, wait


def test_it_works() -> None:
    assert 60 * (1 - JITTER) <= wait(1, 60) <= 60 * (1 + JITTER)


@pytest.mark.parametrize(
    ("attempt", "minutes"),
    [(1, 1), (2, 5), (3, 15), (4, 60), (5, 180), (6, 360), (7, 720), (8, 1440), (9, 1440), (50, 1440)],
)
def test_it_grows_to_a_day_and_no_further(attempt: int, minutes: int) -> None:
    waits = [wait(attempt, 60) for _ in range(200)]
    assert minutes * 60 * (1 - JITTER) <= min(waits)
    assert max(waits) <= minutes * 60 * (1 + JITTER)
    assert len(set(waits)) > 100


def test_it_spans_about_four_days_in_eleven_tries() -> None:
    days = sum(wait(attempt, 60) for attempt in range(1, 11)) / 86_400
    assert 3 < days < 5


def test_it_waits_at_least_as_long_as_the_provider_asked() -> None:
    assert wait(1, 1, asked=3600) == 3600
    assert wait(8, 60, asked=1) > 1000
