"""Notify: messages a second through the whole path, against one task with a new connection a message.

Both have all their work waiting before the worker starts, the same pool, and the same sink. The clock runs
from the first message caught to the last, so that neither pays for its start.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from bench import sink
from bench.fill import fill
from bench.processes import python, worker
from bench.report import judge, show
from bench.rounds import Goal, Sample, interleave
from bench.stage import engines, stage
from models.job import QUEUES, JobKind

OURS, PLAIN = "ours", "plain"
PLAIN_QUEUE = "plain"
CONCURRENCY = 8
PATIENCE_SECONDS = 180.0
MESSAGES = {str(JobKind.AUTO_REPLY): str(QUEUES[JobKind.AUTO_REPLY])}


def main(*, quick: bool) -> bool:
    """Measure and print; tell whether the goal is met."""
    rounds, near, far = (2, 500, 200) if quick else (5, 2000, 500)
    with engines() as servers:
        met = [
            measure(servers, rounds, near, 0.0, 3.0),
            # A message takes seven answers of a new connection, and four of a kept one.
            measure(servers, min(rounds, 3), far, 0.02, 1.5),
        ]
    return all(met)


def measure(servers: dict[str, str], rounds: int, mails: int, delay: float, bound: float) -> bool:
    contestants: dict[str, Callable[[], Sample]] = {
        OURS: partial(turn, servers, ours, mails, delay),
        PLAIN: partial(turn, servers, plain, mails, delay),
    }
    found = interleave(contestants, rounds)
    show(
        f"notify, {mails:,} mails, {CONCURRENCY} threads, answers after {1000 * delay:g} ms", found, ("rate",)
    )
    return judge([Goal("ours / a task and a connection a message", found.ratio(OURS, PLAIN), bound)])


def ours(stack: ExitStack, environment: dict[str, str]) -> None:
    """The promised jobs are in their table; relay and worker start together."""
    stack.enter_context(python("workers.relay", environment=environment))
    arguments = worker(application="workers.app", queues="notify.email", concurrency=CONCURRENCY)
    stack.enter_context(python(*arguments, environment=environment))


def plain(stack: ExitStack, environment: dict[str, str]) -> None:
    """The tasks are on Redis; their worker starts."""
    with python("bench.plain", environment=environment) as asking:
        asking.wait(PATIENCE_SECONDS)
    arguments = worker(application="bench.plain", queues=PLAIN_QUEUE, concurrency=CONCURRENCY)
    stack.enter_context(python(*arguments, environment=environment))


Start = Callable[[ExitStack, dict[str, str]], None]


def turn(servers: dict[str, str], start: Start, mails: int, delay: float) -> Sample:
    """A fresh database, a fresh sink, and all messages waiting; then off."""
    with stage(servers) as where, sink.running(delay) as caught, ExitStack() as stack:
        fill(where, mails, state="pending", jobs=MESSAGES)
        start(stack, {**where.environment, "SMTP_URL": caught.url, "BENCH_MAILS": str(mails)})
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(caught.times) < mails and time.monotonic() < deadline:
            time.sleep(0.05)
        times = caught.times[:mails]
    if len(times) < mails:
        print(f"  {mails - len(times)} of {mails} mails never came")
    return Sample(rate=(len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0)
