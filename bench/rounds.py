"""Rounds: contestants take turns in one run, so that a busy machine is as unkind to all of them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isnan, nan
from statistics import median

GAUGE_STEPS = 2_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """What one turn showed: a rate a second, latencies in ms, CPU of the web process in us a request."""

    rate: float = nan
    p50: float = nan
    p99: float = nan
    cpu: float = nan


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio that we promise: a floor, or else a ceiling."""

    name: str
    value: float
    bound: float
    floor: bool = True

    @property
    def met(self) -> bool:
        return self.value >= self.bound if self.floor else self.value <= self.bound


@dataclass(slots=True)
class Rounds:
    """The samples of all rounds by contestant, and the gauge of the machine before each round in ms."""

    samples: dict[str, list[Sample]] = field(default_factory=dict)
    gauges: list[float] = field(default_factory=list)

    def values(self, name: str, figure: str = "rate") -> list[float]:
        return [getattr(sample, figure) for sample in self.samples[name]]

    def middle(self, name: str, figure: str = "rate") -> float:
        return median(self.values(name, figure))

    def ratio(self, name: str, other: str, figure: str = "rate") -> float:
        """The median of the rounds' own ratios."""
        pairs = zip(self.values(name, figure), self.values(other, figure), strict=True)
        return median(ours / theirs if theirs else nan for ours, theirs in pairs)

    def within(self, name: str, figure: str, other: str) -> float:
        """The median ratio of two figures of one contestant."""
        pairs = zip(self.values(name, figure), self.values(name, other), strict=True)
        return median(one / two if two else nan for one, two in pairs)


class NothingMeasured(Exception):  # noqa: N818 - a fact
    """A turn brought no result at all, which is a fault and not a figure."""


def interleave(contestants: Mapping[str, Callable[[], Sample]], rounds: int) -> Rounds:
    """Let each have its turn in every round, after one turn that is not counted. Raises `NothingMeasured`."""
    result = Rounds({name: [] for name in contestants})
    for name in contestants:
        taken(contestants, name)
    for _ in range(rounds):
        result.gauges.append(gauge())
        for name in contestants:
            result.samples[name].append(taken(contestants, name))
    return result


def taken(contestants: Mapping[str, Callable[[], Sample]], name: str) -> Sample:
    sample = contestants[name]()
    if sample.rate == 0 or (isnan(sample.rate) and isnan(sample.p50)):
        raise NothingMeasured(f"the turn of {name} brought nothing")
    return sample


def gauge() -> float:
    """The time of a fixed loop in ms: what the machine gave to one process just then."""
    start = time.perf_counter()
    number = 1
    for step in range(GAUGE_STEPS):
        number = (number * 31 + step) & 0xFFFF
    return (time.perf_counter() - start) * 1000


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies; not a number where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else nan
