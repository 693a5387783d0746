"""Lets requests into the busy doors a few a turn of the event loop, in the order in which they came.

Callers who are answered together come again together. Let in all at once they would be parsed together, fly
together and wait together, while PostgreSQL and the web process each stand idle for the other. Between two
turns the loop looks at what the database has to say, so that one part of the callers flies while the next is
parsed (docs/adr/0002-capture-lane.md has the measurements).
"""

import asyncio
from collections import deque

ADMITTED_A_TURN = 16


class Turnstile:
    """One for a web process; it belongs to the running loop."""

    def __init__(self, admitted: int = ADMITTED_A_TURN) -> None:
        self._most = admitted
        self._admitted = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        """Come in at once where this turn has room, or with a later one."""
        if self._admitted < self._most and not self._queue:
            self._admit()
            return
        loop = asyncio.get_running_loop()
        admitted: asyncio.Future[None] = loop.create_future()
        self._queue.append(admitted)
        await admitted

    def _admit(self) -> None:
        if not self._admitted:
            asyncio.get_running_loop().call_soon(self._turn)
        self._admitted += 1

    def _turn(self) -> None:
        """A new turn of the loop: whoever waited longest comes in; who gave up meanwhile takes no place."""
        self._admitted = 0
        while self._queue and self._admitted < self._most:
            first = self._queue.popleft()
            if not first.done():
                self._admit()
                first.set_result(None)
