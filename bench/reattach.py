"""Reattach: moving a history of any length by its timeline, against moving its rows; and intake meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import psycopg

from bench.processes import web
from bench.report import judge, show
from bench.rounds import Goal, Rounds, Sample, interleave
from bench.stage import Stage, engines, stage
from bench.turn import turn_of
from models.activity import ActivityKind
from models.database import engine, transaction
from models.identifiers import new_uid
from models.lead import Lead
from models.operations.actor import SYSTEM
from models.operations.convert import ConvertLead, convert
from models.operations.history import next_timeline
from models.operations.reattach import reattach
from models.operations.undo import UndoConversion, undo

HISTORY = """
    INSERT INTO activity (business_id, timeline_id, kind, description)
    SELECT %s, %s, 'updated', 'Called about the chairs, ' || n FROM generate_series(1, %s) AS n
"""
MOVE = "UPDATE activity SET timeline_id = %s WHERE timeline_id = %s AND kind = %s"
SIZES = (1_000, 100_000, 1_000_000)
CONNECTIONS = 8
# A million rows that move four times a second are more than any business converts.
PAUSE_SECONDS = 0.25


def main(*, quick: bool) -> bool:
    """Measure and print; tell whether all goals are met."""
    rounds, sizes = (2, SIZES[:2]) if quick else (5, SIZES)
    with engines() as servers, stage(servers) as where:
        leads = {size: with_history(where, size) for size in sizes}
        engine().dispose()
        by_timeline = interleave(
            {str(n): partial(timed, partial(cycle, where, leads[n])) for n in sizes}, rounds
        )
        show("reattach by timeline, by activities (p50 is the step's time)", by_timeline, ("p50",))
        by_rows = interleave({str(n): partial(timed, mover(where, leads[n])) for n in sizes}, rounds)
        show("the same by moving the rows", by_rows, ("p50",))
        met = judge(goals(by_timeline, by_rows, sizes))
        return judge_intake(where, leads[sizes[-1]], rounds, 2.0 if quick else 4.0) and met


def goals(by_timeline: Rounds, by_rows: Rounds, sizes: tuple[int, ...]) -> Iterator[Goal]:
    most, least = str(sizes[-1]), str(sizes[0])
    yield Goal(
        f"{sizes[-1]:,} activities / {sizes[0]:,}", by_timeline.ratio(most, least, "p50"), 3, floor=False
    )
    rows = by_rows.middle(most, "p50") / by_timeline.middle(most, "p50")
    yield Goal(f"moving {sizes[-1]:,} rows / the timeline", rows, 10)


def with_history(where: Stage, size: int) -> Lead:
    """A lead about whom that much was written."""
    with transaction() as session:
        lead = Lead(
            business_id=where.business_id,
            uid=new_uid(),
            timeline_id=next_timeline(session),
            first_name="Ada",
            last_name="Lovelace",
        )
        session.add(lead)
    with psycopg.connect(where.url, autocommit=True) as connection:
        connection.execute(HISTORY, (where.business_id, lead.timeline_id, size))
        connection.execute("VACUUM (ANALYZE) activity")
    return lead


def timed(step: Callable[[], float]) -> Sample:
    return Sample(p50=1000 * step())


def cycle(where: Stage, lead: Lead) -> float:
    """Convert, reattach (timed, in seconds, with its commit), and take it back for the next round."""
    with transaction() as session:
        command = ConvertLead(business_id=where.business_id, lead_id=lead.id, actor=SYSTEM)
        conversion = convert(session, command).conversion
    start = time.perf_counter()
    with transaction() as session:
        reattach(session, conversion.id)
    elapsed = time.perf_counter() - start
    with transaction() as session:
        undo(
            session, UndoConversion(business_id=where.business_id, conversion_id=conversion.id, actor=SYSTEM)
        )
    return elapsed


def mover(where: Stage, lead: Lead) -> Callable[[], float]:
    """What would be done without timelines: every row is written anew, there and back by turns."""
    places = [lead.timeline_id, -lead.timeline_id]

    def move() -> float:
        source, target = places
        with psycopg.connect(where.url, autocommit=True) as connection:
            start = time.perf_counter()
            connection.execute(MOVE, (target, source, ActivityKind.UPDATED))
            places.reverse()
            return time.perf_counter() - start

    return move


def judge_intake(where: Stage, lead: Lead, rounds: int, seconds: float) -> bool:
    """Intake's p99 while a long history is reattached over and over, against intake left alone."""
    with web("intake.app:create_app", where.environment) as (process, port):
        turn = turn_of(process, port, "/platform/v1/leadgen", where.token)
        alone = partial(turn, CONNECTIONS, seconds)

        def meanwhile() -> Sample:
            with reattaching(where, lead):
                return alone()

        found = interleave({"alone": alone, "meanwhile": meanwhile}, rounds)
    show(f"intake at {CONNECTIONS} connections", found, ("rate", "p50", "p99"))
    ratio = found.ratio("meanwhile", "alone", "p99")
    return judge([Goal("intake's p99 meanwhile / alone", ratio, 1.5, floor=False)])


@contextmanager
def reattaching(where: Stage, lead: Lead) -> Iterator[None]:
    """Convert, reattach and undo one lead for as long as the block runs, some four times a second."""
    stop = threading.Event()

    def again() -> None:
        while not stop.wait(PAUSE_SECONDS):
            cycle(where, lead)

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        engine().dispose()
