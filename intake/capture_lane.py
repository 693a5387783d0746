"""The capture lane: requests that arrive while a commit is under way share the next one.

There is no timer: an idle service adds no delay, and a busy one pays one transaction for up to fifty
leads (docs/adr/0002-capture-lane.md has the measurements). Nothing but PostgreSQL is touched.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
import structlog

from intake import metrics
from intake.flight import Flight, Lost, Unavailable
from models.errors import Refusal
from models.operations.commands import Captured, CaptureLead, Command
from models.operations.plan import Answer
from models.settings import Settings

# Without them a third of the flights under load carried one lead; more than three bring nothing more.
BOARDING_TURNS = 3
# A flight that waited for more would carry everybody at once, and the web process would wait for its landing.
ENOUGH = 16

log = structlog.get_logger()

__all__ = ["CaptureLane", "Unavailable"]


@dataclass(slots=True)
class Waiting:
    """A command, where its answer goes, and when it came by the loop's clock."""

    command: Command
    answered: "asyncio.Future[Answer]"
    since: float


class CaptureLane:
    """Takes commands one by one, writes them in batches, and answers each after its commit."""

    def __init__(self, settings: Settings) -> None:
        self._waiting: deque[Waiting] = deque()
        self._batch = settings.lane_batch
        self._patience = settings.database_budget_seconds
        self._idle = [Flight(settings) for _ in range(settings.lane_flights)]
        self._flying: set[asyncio.Task[None]] = set()

    async def submit(self, command: Command) -> Captured:
        """Take one command in; the answer comes once it is on disk.

        Raises a `Refusal` where the command is refused and `Unavailable` where the database cannot
        be reached in time: then nothing may be taken for granted, and the caller should try again.
        """
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append(Waiting(command, answered, loop.time()))
        self._take_off()
        answer = await answered
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def close(self) -> None:
        """Land what flies, then close the connections."""
        while self._flying:
            await asyncio.wait(self._flying)
        for flight in self._idle:
            flight.close()

    def _take_off(self) -> None:
        while self._waiting and self._idle:
            task = asyncio.create_task(self._fly(self._idle.pop()))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)

    async def _fly(self, flight: Flight) -> None:
        """Carry batches until nobody waits; the plane is free again afterwards, whatever happened."""
        try:
            while self._waiting:
                await self._boarding()
                batch = self._next_batch()
                if batch:
                    await self._carry(flight, batch)
        finally:
            # Without a pause since the last look at who waits, so that nobody is left behind.
            self._idle.append(flight)

    async def _boarding(self) -> None:
        """Let those board who are at the door already: one turn of the loop reads requests, one parses them.

        Nobody who has yet to come is waited for, nor is anybody once enough have come.
        """
        for _ in range(BOARDING_TURNS):
            if len(self._waiting) >= ENOUGH:
                return
            await asyncio.sleep(0)

    def _next_batch(self) -> list[Waiting]:
        """Who waited longest. Who waited too long is told so: a paused database must grow no queue."""
        batch: list[Waiting] = []
        late: list[Waiting] = []
        latest = asyncio.get_running_loop().time() - self._patience
        while self._waiting and len(batch) < self._batch:
            waiting = self._waiting.popleft()
            (late if waiting.since < latest else batch).append(waiting)
        if late:
            log.warning("capture waited too long", size=len(late))
            settle(late, Unavailable("no answer in time"))
        return batch

    async def _carry(self, flight: Flight, batch: list[Waiting]) -> bool:
        """Whether the connection held."""
        try:
            answers = await flight.carry([waiting.command for waiting in batch])
        except Lost as exc:
            log.warning("capture lost", size=len(batch), reason=str(exc))
            settle(batch, Unavailable(str(exc)))
            return False
        except psycopg.Error as exc:
            await self._one_by_one(flight, batch, exc)
        except Exception as exc:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
            settle(batch, exc)
        else:
            count_answers(batch, answers)
            for waiting, answer in zip(batch, answers, strict=True):
                if not waiting.answered.done():
                    waiting.answered.set_result(answer)
        return True

    async def _one_by_one(self, flight: Flight, batch: list[Waiting], exc: psycopg.Error) -> None:
        """One bad lead must not fail its neighbours; alone it is the only one to fail."""
        if len(batch) > 1:
            log.warning("capture batch retried one by one", size=len(batch), sqlstate=exc.sqlstate)
            for number, waiting in enumerate(batch):
                if not await self._carry(flight, [waiting]):
                    settle(batch[number + 1 :], Unavailable("the database was lost"))
                    return
            return
        log.error("capture failed", sqlstate=exc.sqlstate, error=type(exc).__name__)
        operational = isinstance(exc, psycopg.OperationalError)
        settle(batch, Unavailable("the database refused for now") if operational else exc)


def settle(batch: Sequence[Waiting], exc: Exception) -> None:
    """Tell all of a batch the same bad news, and count who has to come again."""
    if isinstance(exc, Unavailable):
        doors = Counter(metrics.kind_of(waiting.command.arrival.door) for waiting in batch)
        for door, count in doors.items():
            metrics.UNAVAILABLE.labels(door).inc(count)
    for waiting in batch:
        if not waiting.answered.done():
            waiting.answered.set_exception(exc)


def count_answers(batch: Sequence[Waiting], answers: Sequence[Answer]) -> None:
    """Each label once a batch: counters have locks."""
    metrics.BATCH.observe(len(batch))
    accepted: Counter[tuple[str, str]] = Counter()
    promised = 0
    for waiting, answer in zip(batch, answers, strict=True):
        command = waiting.command
        if isinstance(answer, Captured) and isinstance(command, CaptureLead) and not answer.replayed:
            accepted[metrics.kind_of(command.arrival.door), answer.verdict] += 1
            promised += answer.promised
    for labels, count in accepted.items():
        metrics.ACCEPTED.labels(*labels).inc(count)
    metrics.PROMISED.inc(promised)
