"""A token bucket for each caller of one process: so many requests a second, and so many at once."""

import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from intake.remembered import Clock

# More callers than this are not remembered one by one; a full bucket is as good as none.
MOST_BUCKETS = 10_000


@dataclass(slots=True)
class Buckets:
    """Each caller may spend `burst` at once, by default a second's worth, and gets `rate` back a second.

    A rate of 0 lets all pass.
    """

    rate: float
    clock: Clock = time.monotonic
    burst: float | None = None
    _left: dict[Hashable, tuple[float, float]] = field(default_factory=dict)

    @property
    def most(self) -> float:
        return float(self.rate if self.burst is None else self.burst)

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
        left, since = self._left.get(caller, (self.most, now))
        return min(self.most, left + (now - since) * self.rate)

    def _forget_full(self, now: float) -> None:
        self._left = {one: seen for one, seen in self._left.items() if self._now_left(one, now) < self.most}
