"""Company: jobs share a process's threads, but for one that may be what killed the last process.

That one works alone, so that nobody else dies with it (reliability.md P11).
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Company:
    """Whoever works, together or alone, is let in in the order of coming: nobody is kept out for ever."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._working = 0
        self._alone: int | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Work beside others; who works alone already goes on so."""
        if self._alone == threading.get_ident():
            yield
            return
        self._enter(alone=False)
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until the others have finished what they do, and let none begin meanwhile."""
        self._enter(alone=True)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, *, alone: bool) -> None:
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            self._changed.wait_for(lambda: self._waiting[0] is ticket and self._has_room(alone=alone))
            self._waiting.popleft()
            self._working += 1
            self._alone = threading.get_ident() if alone else None
            self._changed.notify_all()

    def _has_room(self, *, alone: bool) -> bool:
        return self._alone is None and not (alone and self._working)

    def _leave(self) -> None:
        with self._changed:
            self._working -= 1
            self._alone = None
            self._changed.notify_all()
