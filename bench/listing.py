"""Listing: the deepest cursor page of a million conversions over HTTP, against the first page."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from itertools import cycle, islice
from typing import LiteralString
from urllib.parse import quote, urlsplit

import psycopg

from bench.processes import web
from bench.report import judge, show
from bench.rounds import Goal, Rounds, Sample, interleave, percentile
from bench.stage import Stage, engines, stage
from intake.dialects.sell.answers import to_cursor

PATH = "/v2/lead_conversions"
PER_PAGE = 25
# So many of the last pages are asked for in turn, for one page alone would always lie in the cache.
PAGES = 200
REQUESTS = 200
OFFSETS = 3
PATIENCE_SECONDS = 60.0
FIRST, DEEPEST = "first", "deepest"

STATEMENTS: tuple[LiteralString, ...] = (
    """
    INSERT INTO lead (id, business_id, uid, slug, timeline_id, email, first_name, last_name)
    SELECT n, %(business)s, left(md5('l' || n), 16), 'ada-' || n, n, 'ada.' || n || '@example.org', 'Ada',
        'Lovelace'
    FROM generate_series(1, %(size)s) AS n
    """,
    """
    INSERT INTO contact (id, business_id, uid, timeline_id, is_organization, name, first_name, last_name,
        email)
    SELECT id, business_id, uid, %(size)s + id, false, 'Ada Lovelace', first_name, last_name, email
    FROM lead
    """,
    """
    INSERT INTO conversion (id, business_id, lead_id, individual_id, creator_id, state, created_at,
        completed_at)
    SELECT id, business_id, id, id, 1, 'complete', created_at, created_at
    FROM lead
    """,
)

OFFSET = """
    SELECT * FROM conversion WHERE business_id = %s AND state <> 'undone'
    ORDER BY id DESC OFFSET %s LIMIT %s
"""


def main(*, quick: bool) -> bool:
    """Measure and print; tell whether the goal is met."""
    rounds, size = (2, 100_000) if quick else (5, 1_000_000)
    with engines() as servers, stage(servers) as where:
        start = time.perf_counter()
        fill(where, size)
        print(f"\n{size:,} conversions put in within {time.perf_counter() - start:.0f} s")
        found = over_http(where, rounds)
        show(f"listing, {size:,} conversions, pages of {PER_PAGE} over HTTP", found, ("p50", "p99", "rate"))
        met = judge([Goal("p50 of the deepest pages / the first", ratio(found), 2, floor=False)])
        by_offset = in_sql(where, size, rounds)
    show("the same by OFFSET, in SQL alone", by_offset, ("p50",))
    print(f"  by OFFSET the deepest page takes {ratio(by_offset):,.0f} times the first one's time")
    return met


def ratio(found: Rounds) -> float:
    return found.ratio(DEEPEST, FIRST, "p50")


def fill(where: Stage, size: int) -> None:
    """Put in leads, each converted to a contact of its own; then analyse."""
    values = {"business": where.business_id, "size": size}
    with psycopg.connect(where.url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        with connection.transaction():
            for statement in STATEMENTS:
                connection.execute(statement, values)
        connection.execute("VACUUM (ANALYZE) lead, contact, conversion")
        connection.execute("CHECKPOINT")


def over_http(where: Stage, rounds: int) -> Rounds:
    """The first page and the last ones, asked for by one caller one after another."""
    environment = {**where.environment, "RATE_LIMIT_SELL": "0"}
    with web("intake.app:create_app", environment) as (_, port), caller(port, where.token) as get:
        last = last_pages(get)
        return interleave(
            {FIRST: partial(asked, get, [PATH]), DEEPEST: partial(asked, get, last)},
            rounds,
        )


Get = Callable[[str], bytes]


@contextmanager
def caller(port: int, token: str) -> Iterator[Get]:
    """A caller with one connection, and a client too thin to hide what the service takes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    head = {"authorization": f"Bearer {token}", "user-agent": "bench", "accept": "application/json"}

    def get(target: str) -> bytes:
        connection.request("GET", target, headers=head)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{PATH} answered {answer.status}")
        return body

    try:
        yield get
    finally:
        connection.close()


def last_pages(get: Get) -> list[str]:
    """The last pages as the service itself links them, down to the one without a next page."""
    targets = [f"{PATH}?cursor={quote(to_cursor(PAGES * PER_PAGE + 1), safe='')}&per_page={PER_PAGE}"]
    while True:
        page = json.loads(get(targets[-1]))
        if len(page["items"]) != PER_PAGE:
            raise RuntimeError("a page among the last ones is not full: the pages would not compare")
        following = page["meta"]["links"].get("next_page")
        if following is None:
            break
        targets.append(PATH + "?" + urlsplit(following).query)
    if len(targets) != PAGES:
        raise RuntimeError(f"the last {PAGES} pages turned out to be {len(targets)}")
    return targets


def asked(get: Get, targets: Sequence[str]) -> Sample:
    return timed(partial(get, target) for target in islice(cycle(targets), REQUESTS))


def in_sql(where: Stage, size: int, rounds: int) -> Rounds:
    """What paging by OFFSET would cost the database alone."""
    with psycopg.connect(where.url, autocommit=True) as connection:

        def paged(offset: int, times: int) -> Sample:
            values = (where.business_id, offset, PER_PAGE + 1)
            return timed(partial(connection.execute, OFFSET, values) for _ in range(times))

        deepest = partial(paged, size - PER_PAGE, OFFSETS)
        return interleave({FIRST: partial(paged, 0, REQUESTS), DEEPEST: deepest}, rounds)


def timed(steps: Iterator[Callable[[], object]]) -> Sample:
    """Take one step after another, and tell their latencies."""
    latencies = []
    for step in steps:
        start = time.perf_counter()
        step()
        latencies.append(1000 * (time.perf_counter() - start))
    return Sample(
        rate=1000 * len(latencies) / sum(latencies),
        p50=percentile(latencies, 0.5),
        p99=percentile(latencies, 0.99),
    )
