"""What a web process remembers stays bounded."""

import asyncio

from intake.remembered import Remembered, Shelf


def test_it_works() -> None:
    remembered: Remembered[str, int] = Remembered(fresh=60, patience=30, forget_unknown=False)

    async def scenario() -> list[int | None]:
        first = await remembered.recall("a", lambda: 1)
        return [first, await remembered.recall("a", lambda: 2)]

    assert asyncio.run(scenario()) == [1, 1]


def test_it_lets_the_oldest_go_first() -> None:
    shelf: Shelf[str, int] = Shelf(most=2)
    for number, key in enumerate(("a", "b", "a", "c")):
        shelf.put(key, number, now=float(number))

    assert [shelf.get(key, since=-1.0) for key in ("a", "b", "c")] == [2, None, 3]
