"""A token bucket for each caller of one process: so many requests in a time, and as many at once."""

import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from intake.remembered import Clock

# More callers than this are not remembered one by one; a full bucket is as good as none.
MOST_BUCKETS = 10_000


@dataclass(slots=True)
class Buckets:
    """Each caller may spend `rate` at once and gets `rate` back in `seconds`; a rate of 0 lets all pass."""

    rate: int
    clock: Clock = time.monotonic
    seconds: float = 1.0
    _left: dict[Hashable, tuple[float, float]] = field(default_factory=dict)

    def take(self, caller: Hashable) -> bool:
        """Spend one; false where nothing is left."""
        if self.rate <= 0:
            return True
        now = self.clock()
        left = self._now_left(caller, now)
        if left < 1:
            return False
        if len(self._left) >= MOST_BUCKETS:
            self._forget_full(now)
        self._left[caller] = (left - 1, now)
        return True

    def _now_left(self, caller: Hashable, now: float) -> float:
        left, since = self._left.get(caller, (float(self.rate), now))
        return min(float(self.rate), left + (now - since) * self.rate / self.seconds)

    def _forget_full(self, now: float) -> None:
        self._left = {one: seen for one, seen in self._left.items() if self._now_left(one, now) < self.rate}
