"""The relay: promised jobs become doorbells on Redis. It is the sweeper too.

It listens for commits, and looks again every second: whatever is due and unclaimed is rung again, so a
doorbell that Redis lost costs seconds and never a job. One relay is active, the others stand by.
"""

import signal
import time
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

import psycopg
import structlog
from kombu.exceptions import KombuError
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from redis.exceptions import RedisError

from models import advisory
from models.database import KEEPALIVES
from models.job import LISTEN_CHANNEL
from models.logs import configure_logs
from models.operations.deaths import look_for_deaths
from models.operations.ring import Due, due_jobs
from models.operations.silences import look_for_silence
from models.operations.tally import fold
from models.operations.waiting import look_for_failures, look_into_quarantine
from models.settings import Settings, settings
from workers import metrics
from workers.app import app

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 1.0
PUBLISH_SECONDS = 4
NAP_SECONDS = 0.1
FOLD_EVERY_SECONDS = 5.0
LOSSES_EVERY_SECONDS = 60.0
AT_ONCE = 500
# A backlog is cut into that many doorbells at least: enough for eight idle threads to come back twice, so
# that none of them has the last fifty messages of a slow provider to itself.
SHARES = 24
# No more doorbells wait in a queue: while it has no worker they would fill Redis, and lie before all others
# when one comes. What is not rung now is still owed, and looked at again in a while.
MOST_WAITING = 10_000


@dataclass(frozen=True, slots=True)
class Doorbell:
    """`alone`: the process that hears it is to do nothing else meanwhile."""

    ids: list[int]
    alone: bool = False


class Relay:
    """Rings due jobs until told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = False
        self._fold_at = 0.0
        self._losses_at = 0.0
        self._next_look = time.monotonic()

    def stop(self, *_: object) -> None:
        """Stop soon. A plain flag: an Event that is set by a signal's handler may wait for itself."""
        self._stopping = True

    def serve(self) -> None:
        """Ring, whatever happens to PostgreSQL or to Redis meanwhile."""
        pause = LOOK_EVERY_SECONDS
        while not self._stopping:
            try:
                with self._connection() as connection:
                    self._stand_by(connection)
                    pause = LOOK_EVERY_SECONDS
                    self._ring_until_stopped(connection)
            except psycopg.OperationalError as exc:
                log.warning("database lost", error=type(exc).__name__, again_in=pause)
            except (KombuError, RedisError, OSError) as exc:
                # The transaction was rolled back, so its jobs are still due.
                metrics.PUBLISH_ERRORS.inc()
                log.warning("broker lost", error=type(exc).__name__, again_in=pause)
            self._sleep(pause)
            pause = min(pause * 2, 10.0)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < until:
            time.sleep(NAP_SECONDS)

    def _connection(self) -> Connection[tuple[Any, ...]]:
        return psycopg.connect(
            make_conninfo(self._settings.psycopg_url, **KEEPALIVES),
            autocommit=True,
            connect_timeout=3,
            options="-c statement_timeout=30s -c application_name=leads-relay",
        )

    def _stand_by(self, connection: Connection[tuple[Any, ...]]) -> None:
        """Wait until no other relay is active; the lock goes with its connection."""
        while not self._stopping:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (advisory.ACTIVE_RELAY,)).fetchone()
            if row and row[0]:
                connection.execute(f"LISTEN {LISTEN_CHANNEL}")
                log.info("relay active")
                return
            self._sleep(LOOK_EVERY_SECONDS)

    def _ring_until_stopped(self, connection: Connection[tuple[Any, ...]]) -> None:
        while not self._stopping:
            self._fold_at_times(connection)
            self._look_around(connection)
            if self._ring_once(connection) < AT_ONCE:
                for _ in connection.notifies(timeout=LOOK_EVERY_SECONDS, stop_after=1):
                    pass

    def _fold_at_times(self, connection: Connection[tuple[Any, ...]]) -> None:
        """Keep the counts of leads short, so that whoever reads them sums up little."""
        if time.monotonic() >= self._fold_at:
            fold(connection)
            self._fold_at = time.monotonic() + FOLD_EVERY_SECONDS

    def _look_around(self, connection: Connection[tuple[Any, ...]]) -> None:
        """Now and then; what is found becomes jobs, which are rung like all others.

        No look may keep the relay from ringing: one that takes too long is left until the next time.
        """
        try:
            self._look_for_silence(connection)
            self._look_for_losses(connection)
        except psycopg.errors.QueryCanceled:
            log.warning("looked too long")

    def _look_for_silence(self, connection: Connection[tuple[Any, ...]]) -> None:
        every = self._settings.silence_check_seconds
        if every and time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + every
            with connection.transaction():
                look_for_silence(connection)

    def _look_for_losses(self, connection: Connection[tuple[Any, ...]]) -> None:
        """What was given up, and what came in and made no lead."""
        if time.monotonic() >= self._losses_at:
            self._losses_at = time.monotonic() + LOSSES_EVERY_SECONDS
            look_for_deaths(connection)
            look_for_failures(connection)
            if self._settings.quarantine_alerts:
                look_into_quarantine(connection)

    def _ring_once(self, connection: Connection[tuple[Any, ...]]) -> int:
        with connection.transaction():
            due = due_jobs(connection, self._settings.ring_again_seconds, AT_ONCE, self._settings.max_crashes)
            for queue, jobs in groupby(sorted(due, key=lambda job: job.queue), key=lambda job: job.queue):
                self._ring(queue, doorbells(list(jobs), self._settings.doorbell_batch))
        return len(due)

    def _ring(self, queue: str, batches: list[Doorbell]) -> None:
        with app.producer_pool.acquire(block=True, timeout=5) as producer:
            for one in batches[: room(producer.channel, queue)]:
                how = {"alone": True} if one.alone else {}
                app.send_task("run", args=[one.ids], kwargs=how, queue=queue, producer=producer, retry=False)
                metrics.DOORBELLS.labels(queue).inc()
                metrics.RUNG.labels(queue).inc(len(one.ids))


def room(channel: Any, queue: str) -> int:  # noqa: ANN401 - of any broker's
    """How many doorbells more may wait in a queue."""
    declared = channel.queue_declare(queue=queue, durable=True, auto_delete=False)
    return max(0, MOST_WAITING - int(declared.message_count))


def doorbells(due: list[Due], most: int) -> list[Doorbell]:
    """The batches of ids to ring one queue's jobs with: single ones when few, more together in a backlog.

    A job that was tried before is rung by itself; if it may be the one that killed its worker, it works
    alone as well, and takes no other along.
    """
    fresh = [job.id for job in due if job.attempts == 0]
    size = min(most, max(1, ceil(len(fresh) / SHARES)))
    batches = [Doorbell(fresh[start : start + size]) for start in range(0, len(fresh), size)]
    return batches + [Doorbell([job.id], job.is_suspect) for job in due if job.attempts > 0]


def main() -> None:
    configure_logs(settings())
    # The jobs' rows are locked while it publishes: a paused Redis must not hold them for long (P04).
    app.conf.broker_transport_options |= {"socket_timeout": PUBLISH_SECONDS}
    relay = Relay(settings())
    signal.signal(signal.SIGTERM, relay.stop)
    signal.signal(signal.SIGINT, relay.stop)
    relay.serve()


if __name__ == "__main__":
    main()
