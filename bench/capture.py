"""Capture: leads a second over HTTP, against an idle handler, the obvious service, and pgbench."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from bench import flat, pgbench
from bench.processes import web
from bench.report import judge, show
from bench.rounds import Goal, Rounds, interleave
from bench.stage import Stage, engines, stage
from bench.turn import Turn, turn_of

# The embedded engine lets a hundred sessions in.
PGBENCH_MOST = 64
OURS, BARE, NAIVE, PGBENCH = "ours", "bare", "naive", "pgbench"
APPLICATIONS = {
    OURS: ("intake.app:create_app", "/platform/v1/leadgen"),
    BARE: ("bench.bare:create_app", "/leads"),
    NAIVE: ("bench.naive:create_app", "/leads"),
}


def main(*, quick: bool) -> bool:
    """Measure and print; tell whether all goals are met."""
    rounds, seconds = (2, 1.5) if quick else (5, 3.0)
    with engines() as servers:
        with stage(servers) as where, contestants(where) as turns:
            found, met = {}, True
            for connections in (32, 128):
                if connections > PGBENCH_MOST:
                    turns.pop(PGBENCH, None)
                taken = {name: partial(turn, connections, seconds) for name, turn in turns.items()}
                found[connections] = interleave(taken, rounds)
                show(f"capture, {connections} connections", found[connections])
                met = judge(goals(found[connections], connections)) and met
        flat_met = flat.measure(servers, rounds, seconds, most=100_000 if quick else 1_000_000)
    return met and flat_met


def goals(rounds: Rounds, connections: int) -> Iterator[Goal]:
    yield Goal("ours / bare handler", rounds.ratio(OURS, BARE), 0.6)
    yield Goal("ours / FastAPI + SQLModel + .delay()", rounds.ratio(OURS, NAIVE), 25)
    if connections == 32:
        yield Goal("p99 / p50 of ours", rounds.within(OURS, "p99", "p50"), 5, floor=False)


@contextmanager
def contestants(where: Stage) -> Iterator[dict[str, Turn]]:
    """All web processes up at once; each is idle while another has its turn."""
    with ExitStack() as stack:
        turns: dict[str, Turn] = {}
        for name, (application, path) in APPLICATIONS.items():
            process, port = stack.enter_context(web(application, where.environment))
            turns[name] = turn_of(process, port, path, where.token)
        binary = pgbench.program()
        if binary is None:
            print("pgbench is not here: measured without it")
        else:
            turns[PGBENCH] = partial(pgbench.run, binary, where)
        yield turns
