"""The turnstile: a few come in each turn of the loop, in order, and the loop looks elsewhere in between."""

import asyncio
from collections import Counter
from collections.abc import Mapping

import pytest

from intake.turnstile import Turnstile

AT_ONCE = 4
Came = list[tuple[int, int]]  # who came in, and in which turn of the loop


async def came_in(arrivals: Mapping[int, int], gone: frozenset[int] = frozenset()) -> Came:
    """Let so many arrive in each of some turns; those who are `gone` give up after the first turn."""
    turnstile, came, tasks, turn = Turnstile(AT_ONCE), Came(), list[asyncio.Task[None]](), 0

    async def caller(number: int) -> None:
        await turnstile.enter()
        came.append((number, turn))

    while turn <= max(arrivals) or not all(task.done() for task in tasks):
        for _ in range(arrivals.get(turn, 0)):
            tasks.append(asyncio.create_task(caller(len(tasks))))
        await asyncio.sleep(0)
        turn += 1
        for number in gone:
            tasks[number].cancel()
    return came


def test_it_works() -> None:
    assert asyncio.run(came_in({0: 1})) == [(0, 0)]


@pytest.mark.parametrize(
    "arrivals",
    [
        {0: 5 * AT_ONCE + 1},
        {0: AT_ONCE + 1, 1: 2},
        {0: 2 * AT_ONCE, 2: AT_ONCE},
        {0: 2 * AT_ONCE, 1: 1, 2: 1, 3: AT_ONCE + 2},
        dict.fromkeys(range(6), AT_ONCE - 1),
    ],
    ids=str,
)
def test_all_come_in_by_their_order_and_no_more_than_may_at_once(arrivals: dict[int, int]) -> None:
    came = asyncio.run(came_in(arrivals))
    assert [number for number, _ in came] == list(range(sum(arrivals.values())))
    assert max(Counter(turn for _, turn in came).values()) <= AT_ONCE


def test_it_lets_as_many_in_as_may() -> None:
    came = asyncio.run(came_in({0: 3 * AT_ONCE}))
    assert list(Counter(turn for _, turn in came).values()) == [AT_ONCE] * 3


def test_who_gave_up_takes_nobodys_place() -> None:
    came = dict(asyncio.run(came_in({0: 2 * AT_ONCE + 1})))
    without = dict(asyncio.run(came_in({0: 2 * AT_ONCE + 1}, gone=frozenset(range(AT_ONCE, 2 * AT_ONCE)))))
    assert len(without) == AT_ONCE + 1
    assert without[2 * AT_ONCE] < came[2 * AT_ONCE]


def test_who_finds_room_does_not_wait_at_all() -> None:
    async def entered() -> bool:
        try:
            Turnstile(AT_ONCE).enter().send(None)
        except StopIteration:
            return True
        return False

    assert asyncio.run(entered())
