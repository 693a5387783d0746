"""Flat: a lead costs as much in a table of a million as in one of ten thousand."""

from contextlib import ExitStack
from functools import partial

from bench.fill import fill
from bench.processes import web
from bench.report import judge, show
from bench.rounds import Goal, interleave
from bench.stage import stage
from bench.turn import Turn, turn_of
from models.job import QUEUES, JobKind

FEWEST = 10_000
CONNECTIONS = 32
MESSAGES = {str(kind): str(QUEUES[kind]) for kind in (JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)}


def measure(servers: dict[str, str], rounds: int, seconds: float, most: int) -> bool:
    """Measure and print; tell whether the goal is met. Two databases, so that their rounds take turns."""
    with ExitStack() as stack:
        turns: dict[str, Turn] = {}
        for leads in (FEWEST, most):
            where = stack.enter_context(stage(servers))
            fill(where, leads, state="done", jobs=MESSAGES)
            process, port = stack.enter_context(web("intake.app:create_app", where.environment))
            turns[f"{leads:,}"] = turn_of(process, port, "/platform/v1/leadgen", where.token)
        found = interleave(
            {name: partial(turn, CONNECTIONS, seconds) for name, turn in turns.items()}, rounds
        )
    few, many = turns
    show(f"flat, {CONNECTIONS} connections, by leads in the table", found)
    return judge([Goal(f"rate at {many} / at {few} leads", found.ratio(many, few), 0.7)])
