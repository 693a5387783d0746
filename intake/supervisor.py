"""Runs the parts of the service as one group: starts, restarts and stops them together."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Self

import structlog

from models.embedded.child import Program, kill_group

log = structlog.get_logger()

TICK = 0.1  # seconds; how late a death is noticed
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 30.0  # seconds alive after which a part's past deaths are forgiven


class Stopped(Exception):  # noqa: N818 - a fact, not a fault
    """SIGINT or SIGTERM came while parts were being started."""


class NotReady(Exception):  # noqa: N818 - a fact, not a fault
    """A part did not become ready in time."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One program of the group. Parts of the highest `group` are stopped first, each group at once."""

    program: Program
    group: int
    stop_seconds: float

    @property
    def name(self) -> str:
        return self.program.name


class _Running:
    """A part and its present process; `due` is when a dead one is started again."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.pause = FIRST_PAUSE
        self.due: float | None = None
        self.start()

    def start(self) -> None:
        self.process = self.part.program.start()
        self.since = time.monotonic()
        self.due = None

    def look(self) -> None:
        """Plan a start for a dead process, carry out one that is due."""
        now = time.monotonic()
        if self.due is not None:
            if now >= self.due:
                self.start()
        elif self.process.poll() is not None:
            self._mourn(now)

    def _mourn(self, now: float) -> None:
        kill_group(self.process)  # An orphan of it might still hold its port.
        if now - self.since >= STEADY:
            self.pause = FIRST_PAUSE
        code = self.process.returncode
        log.warning("part died", part=self.part.name, code=code, restart_in=self.pause)
        self.due = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


class Supervisor:
    """A group of parts that ends as one; use it as a context manager, in the main thread."""

    def __init__(self) -> None:
        self.stopping = False
        self._members: list[_Running] = []
        self._former: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._former[number] = signal.signal(number, self._ask_to_stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def start(self, *parts: Part, patience: float = 60.0) -> None:
        """Start parts and wait until all are ready; raises `Stopped`, or `NotReady` when patience ends."""
        if self.stopping:
            raise Stopped
        self._members += [_Running(part) for part in parts]
        deadline = time.monotonic() + patience
        waiting = list(parts)
        while waiting := [part for part in waiting if not part.program.ready()]:
            if time.monotonic() > deadline:
                names = ", ".join(part.name for part in waiting)
                message = f"not ready after {patience:g} s: {names}"
                raise NotReady(message)
            self._turn()
            if self.stopping:
                raise Stopped

    def watch(self) -> None:
        """Keep the parts alive until SIGINT or SIGTERM comes."""
        while not self.stopping:
            self._turn()

    def stop(self) -> None:
        """Stop group after group; whoever outstays its time is killed."""
        for group in sorted({member.part.group for member in self._members}, reverse=True):
            _stop_together([member for member in self._members if member.part.group == group])
        self._members.clear()

    def _turn(self) -> None:
        for member in self._members:
            member.look()
        time.sleep(TICK)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        # Only a mark: an exception here could lose a child between its start and our note of it.
        self.stopping = True


def _stop_together(members: Sequence[_Running]) -> None:
    for member in members:
        if member.process.poll() is None:
            member.process.send_signal(member.part.program.stop_signal)
    began = time.monotonic()
    for member in members:
        left = began + member.part.stop_seconds - time.monotonic()
        try:
            member.process.wait(max(left, 0))
        except subprocess.TimeoutExpired:
            log.warning("part killed", part=member.part.name, after=member.part.stop_seconds)
        kill_group(member.process)
        member.process.wait()
