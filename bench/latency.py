"""Latency: from the row that asks for work to the start of its task, at idle, against a plain `.delay()`.

Both clocks start where the row is written, so both pay the commit; `.delay()` follows the commit, and our
relay hears of it.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import psycopg

from bench import sink
from bench.load import FORM, person
from bench.processes import python, web, worker
from bench.report import judge, show
from bench.rounds import Goal, Sample, interleave, percentile
from bench.stage import Stage, engines, stage

OURS, PLAIN = "ours", ".delay()"
PATIENCE_SECONDS = 60.0
QUEUES = "notify.email,notify.sms,default"


def main(*, quick: bool) -> bool:
    """Measure and print; tell whether the goal is met."""
    rounds, times = (2, 20) if quick else (5, 40)
    with engines() as servers, stage(servers) as bare, sink.running() as caught:
        where = replace(bare, environment={**bare.environment, "SMTP_URL": caught.url})
        with service(where) as asker:
            contestants: dict[str, Callable[[], Sample]] = {
                OURS: lambda: asker.repeat(asker.ours, times),
                PLAIN: lambda: asker.repeat(asker.plain, times),
            }
            found = interleave(contestants, rounds)
    show("latency, from row to task at idle", found, ("p50", "p99"))
    gap = found.middle(OURS, "p50") - found.middle(PLAIN, "p50")
    return judge([Goal("p50 of ours less p50 of .delay(), ms", gap, 10, floor=False)])


@dataclass(slots=True)
class Asker:
    """Asks for one piece of work after another, each when the one before was begun."""

    where: Stage
    client: httpx.Client
    connection: psycopg.Connection
    notes: Path
    number: int = 0

    def repeat(self, ask: Callable[[], tuple[str, float]], times: int) -> Sample:
        waits = []
        for _ in range(times):
            key, since = ask()
            waits.append(1000 * (self.begun(key) - since))
            time.sleep(0.03)  # Until all is idle again.
        return Sample(p50=percentile(waits, 0.5), p99=percentile(waits, 0.99))

    def ours(self) -> tuple[str, float]:
        """Post a lead; its one job's number, and the time at which its row was written."""
        self.number += 1
        form = (FORM.format(tag="latency0") % person(self.number)).replace("email%2Csms", "email")
        head = {
            "authorization": f"Bearer {self.where.token}",
            "content-type": "application/x-www-form-urlencoded",
        }
        self.client.post("/platform/v1/leadgen", content=form, headers=head).raise_for_status()
        row = self.connection.execute(
            "SELECT id::text, extract(epoch FROM created_at)::float8 FROM job ORDER BY job.id DESC LIMIT 1"
        ).fetchone()
        return row or ("", 0.0)

    def plain(self) -> tuple[str, float]:
        """Write a row, commit, and send its task as the obvious service does."""
        # The app reads its settings when it is imported: not before the stage is up.
        from bench.probe import plain  # noqa: PLC0415

        row = self.connection.execute(
            "INSERT INTO bench_plain DEFAULT VALUES RETURNING id, extract(epoch FROM at)::float8"
        ).fetchone()
        number, since = row or (0, 0.0)
        plain.delay(number)
        return f"plain-{number}", since

    def begun(self, key: str) -> float:
        """The time at which a task was entered, by the worker's own note."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for line in reversed(self.notes.read_text().splitlines()):
                number, _, at = line.partition(" ")
                if number == key and at:
                    return float(at)
            time.sleep(0.002)
        raise TimeoutError("a task was not begun in time")


@contextmanager
def service(where: Stage) -> Iterator[Asker]:
    """Web, relay and a worker with the probe, all at idle."""
    with ExitStack() as stack:
        enter = stack.enter_context
        notes = Path(enter(tempfile.TemporaryDirectory())) / "notes"
        notes.touch()
        environment = {**where.environment, "BENCH_PROBE": str(notes)}
        _, port = enter(web("intake.app:create_app", environment))
        enter(python("workers.relay", environment=environment))
        arguments = worker("-I", "bench.probe", application="workers.app", queues=QUEUES, concurrency=8)
        enter(python(*arguments, environment=environment))
        client = enter(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS))
        connection = enter(psycopg.connect(where.url, autocommit=True))
        connection.execute(
            "CREATE TABLE bench_plain (id bigserial PRIMARY KEY, at timestamptz DEFAULT clock_timestamp())"
        )
        yield Asker(where, client, connection, notes)
