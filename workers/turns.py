"""Turns: how many threads of a process one subscriber may have, and when it is left alone."""

import threading
import time
from collections import Counter
from collections.abc import Callable

AT_ONCE = 3
BUSY_SECONDS = 2.0


class Turns:
    """A subscriber that hangs must not have all threads, nor one thread for each event that waits for it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._resting: dict[str, float] = {}

    def begin(self, name: str) -> float:
        """0 where a request may begin, which `end` must follow; else the seconds after which to ask again."""
        with self._lock:
            rest = self._resting.get(name, 0.0) - self._clock()
            if rest > 0:
                return rest
            self._resting.pop(name, None)
            if self._running[name] >= AT_ONCE:
                return BUSY_SECONDS
            self._running[name] += 1
            return 0.0

    def end(self, name: str, rest: float = 0.0) -> None:
        """End a request; the subscriber is then left alone for so many seconds."""
        with self._lock:
            self._running[name] -= 1
            if self._running[name] <= 0:
                del self._running[name]
            if rest > 0:
                self._resting[name] = self._clock() + rest
