"""Leads: the overview and the list with each filter over a million leads, against the same over 10,000."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from typing import LiteralString
from urllib.parse import urlencode

import psycopg

from bench.listing import PATIENCE_SECONDS, Get, timed
from bench.processes import web
from bench.report import judge, row
from bench.rounds import Goal, Sample, interleave
from bench.stage import Stage, engines, stage

SMALL = 10_000
REQUESTS = 50
# However many leads there are, so many have one name: a longer list is counted for longer.
NAMESAKES = 50
GOAL = 3

LEADS: LiteralString = """
    INSERT INTO lead (id, business_id, uid, slug, timeline_id, email, first_name, last_name, phone,
        phone_e164, status, source, creator_id, owner_id, created_at)
    SELECT n, %(business)s, left(md5('l' || n), 16), 'ada-lovelace-' || n, n, 'ada.' || n || '@example.org',
        'Ada' || n %% %(names)s, 'Lovelace' || n / %(namesakes)s, '415' || 1000000 + n,
        '+1415' || 1000000 + n, (ARRAY['lead', 'lead', 'New', 'prospect', 'contact', 'customer'])[1 + n %% 6],
        (ARRAY['website', '', 'newsletter'])[1 + n %% 3], u.id, CASE WHEN n %% 10 = 0 THEN u.id END,
        now() - make_interval(secs => %(size)s - n)
    FROM generate_series(1, %(size)s) AS n,
        (SELECT min(id) AS id FROM staff WHERE business_id = %(business)s) AS u
"""
FILTERS = {
    "list": {},
    "assigned": {"list_type": "assigned"},
    "contacts": {"status": "contact"},
    "prospects": {"status": "prospect"},
    "both": {"list_type": "assigned", "status": "contact"},
    "first name": {"first_name": "Ada7"},
    "last name": {"last_name": "Lovelace7"},
    "email": {"email": "ada.77@example.org"},
    "phone": {"phone": "4151000077"},
    "owner": {"owner": "owner"},
}
CALLS = {"overview": "/leads/overview/"} | {
    name: f"/leads/list/?{urlencode(query)}" for name, query in FILTERS.items()
}


def main(*, quick: bool) -> bool:
    """Measure and print; tell whether the goal is met."""
    rounds, large = (2, 100_000) if quick else (5, 1_000_000)
    with ExitStack() as stack:
        servers = stack.enter_context(engines())
        gets = {}
        for size in (SMALL, large):
            where = stack.enter_context(stage(servers))
            fill(where, size)
            gets[size] = stack.enter_context(served(where))
        return compared(gets[SMALL], gets[large], rounds, large)


def compared(small: Get, big: Get, rounds: int, large: int) -> bool:
    found = {
        name: interleave({"few": partial(asked, small, path), "many": partial(asked, big, path)}, rounds)
        for name, path in CALLS.items()
    }
    print(f"\nleads, {large:,} against {SMALL:,} over HTTP, p50 ms")
    row("", ["few", "many"])
    for name, one in found.items():
        row(name, [f"{one.middle(which, 'p50'):.2f}" for which in ("few", "many")])
    return judge(
        Goal(f"p50 of {name}, many / few", one.ratio("many", "few", "p50"), GOAL, floor=False)
        for name, one in found.items()
    )


def fill(where: Stage, size: int) -> None:
    values = {"business": where.business_id, "size": size, "names": size // NAMESAKES}
    values["namesakes"] = NAMESAKES
    start = time.perf_counter()
    with psycopg.connect(where.url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute(LEADS, values)
        connection.execute("VACUUM (ANALYZE) lead, lead_tally")
        connection.execute("CHECKPOINT")
    print(f"{size:,} leads put in within {time.perf_counter() - start:.0f} s")


@contextmanager
def served(where: Stage) -> Iterator[Get]:
    """A web process on that database, and a caller with one connection to it."""
    environment = {**where.environment, "RATE_LIMIT_CRM": "0"}
    head = {"apikey": where.token, "authorization": f"Bearer {where.token}"}
    with web("intake.app:create_app", environment) as (_, port):
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)

        def get(path: str) -> bytes:
            connection.request("GET", f"/crm/v1{path}", headers=head)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
            return body

        try:
            yield get
        finally:
            connection.close()


def asked(get: Get, path: str) -> Sample:
    steps: list[Callable[[], object]] = [partial(get, path)] * REQUESTS
    return timed(iter(steps))
