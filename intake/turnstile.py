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
        self._inside = 0  # who came in during this turn
        self._waking = 0  # who was called in, and comes in with the next turn
        self._queue: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        """Come in at once where this turn has room and nobody waits, or with a later one."""
        loop = asyncio.get_running_loop()
        if self._queue or self._waking or self._inside == self._most:
            called: asyncio.Future[None] = loop.create_future()
            self._queue.append(called)
            await called
            return
        if not self._inside:
            loop.call_soon(self._turn)
        self._inside += 1

    def _turn(self) -> None:
        """A new turn of the loop: whoever waited longest is called in; who gave up takes nobody's place."""
        self._inside, self._waking = self._waking, 0
        while self._queue and self._waking < self._most:
            first = self._queue.popleft()
            if not first.done():
                first.set_result(None)
                self._waking += 1
        if self._inside or self._waking:
            asyncio.get_running_loop().call_soon(self._turn)
