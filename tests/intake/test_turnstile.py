"""The turnstile: a few come in each turn of the loop, in order, and the loop looks elsewhere in between."""

import asyncio
from collections import Counter

from intake.turnstile import Turnstile

AT_ONCE = 4


async def turns_of(callers: int, *, gone: frozenset[int] = frozenset()) -> list[tuple[int, int]]:
    """Who came in, in which turn of the loop; `gone` gave up while they waited."""
    turnstile, came, turn = Turnstile(AT_ONCE), list[tuple[int, int]](), 0

    async def caller(number: int) -> None:
        await turnstile.enter()
        came.append((number, turn))

    tasks = [asyncio.create_task(caller(number)) for number in range(callers)]
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        turn += 1
        for number in gone:
            tasks[number].cancel()
    return came


def test_it_works() -> None:
    assert [number for number, _ in asyncio.run(turns_of(1))] == [0]


def test_all_come_in_by_their_order_and_no_more_than_may_at_once() -> None:
    came = asyncio.run(turns_of(5 * AT_ONCE + 1))
    assert [number for number, _ in came] == list(range(5 * AT_ONCE + 1))
    assert max(Counter(turn for _, turn in came).values()) == AT_ONCE
    assert len({turn for _, turn in came}) == 6


def test_who_gave_up_takes_nobodys_place() -> None:
    gone = frozenset(range(AT_ONCE, 2 * AT_ONCE))
    came = asyncio.run(turns_of(3 * AT_ONCE, gone=gone))
    assert [number for number, _ in came] == [*range(AT_ONCE), *range(2 * AT_ONCE, 3 * AT_ONCE)]


def test_a_quiet_turnstile_is_no_delay() -> None:
    turnstile = Turnstile(AT_ONCE)

    async def later() -> int:
        for _ in range(AT_ONCE + 1):
            await turnstile.enter()
            await asyncio.sleep(0)  # The turn ends, so that there is room again.
        await asyncio.wait_for(turnstile.enter(), 5)
        return AT_ONCE + 2

    assert asyncio.run(later()) == AT_ONCE + 2
