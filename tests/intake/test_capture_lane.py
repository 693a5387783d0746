"""The capture lane: whoever waits is carried, in batches, whatever the others do."""

import asyncio
import socket
from typing import Any

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from intake.capture_lane import ENOUGH, CaptureLane, Unavailable
from intake.turnstile import Turnstile
from models.business import Business
from models.identifiers import email_address, new_uid
from models.lead import IdentityKind
from models.operations.commands import Arrival, Captured, CaptureLead
from models.settings import settings

CALLERS, EACH = 20, 25
NOBODY = "postgresql://nobody@127.0.0.1:1/none"


def command(business: Business, email: str) -> CaptureLead:
    arrival = Arrival(uid=new_uid(), business_id=business.id, door="leadgen", body=b"")
    return CaptureLead(
        arrival=arrival, match_on=IdentityKind.EMAIL, email=email_address(email), title="A chair"
    )


def carried(business: Business, emails: list[list[str]]) -> list[Captured]:
    """Let callers submit side by side, each its own emails one after another."""

    async def run() -> list[Captured]:
        lane = CaptureLane(settings())
        answers: list[Captured] = []

        async def caller(mine: list[str]) -> None:
            answers.extend([await lane.submit(command(business, email)) for email in mine])

        try:
            await asyncio.gather(*(caller(mine) for mine in emails))
        finally:
            await lane.close()
        return answers

    return asyncio.run(asyncio.wait_for(run(), 60))


def test_it_works(business: Business) -> None:
    assert [answer.verdict for answer in carried(business, [["ada@example.org"]])] == ["created"]


def test_it_leaves_nobody_behind(business: Business) -> None:
    emails = [[f"{caller}-{n}@example.org" for n in range(EACH)] for caller in range(CALLERS)]
    answers = carried(business, emails)
    assert len({answer.lead_uid for answer in answers}) == CALLERS * EACH


def test_it_takes_one_persons_requests_in_order(business: Business) -> None:
    answers = carried(business, [["ada@example.org"] for _ in range(CALLERS)])
    assert sorted(answer.verdict for answer in answers) == ["created", *["repeat"] * (CALLERS - 1)]
    assert len({answer.enquiry_uid for answer in answers}) == CALLERS


def turned_away(business: Business, count: int, **changed: Any) -> tuple[float, list[tuple[str, int]]]:
    """Submit side by side where nothing can be taken: how many were counted, and what the log says."""

    async def run() -> list[Captured | BaseException]:
        lane = CaptureLane(settings().model_copy(update=changed))
        commands = [command(business, f"{number}@example.org") for number in range(count)]
        try:
            return await asyncio.gather(*map(lane.submit, commands), return_exceptions=True)
        finally:
            await lane.close()

    before = unavailable()
    with capture_logs() as logs:
        answers = asyncio.run(asyncio.wait_for(run(), 60))
    assert [type(answer) for answer in answers] == [Unavailable] * count
    assert {entry["log_level"] for entry in logs} == {"warning"}
    return unavailable() - before, [(entry["event"], entry["size"]) for entry in logs]


def unavailable() -> float:
    return REGISTRY.get_sample_value("leads_unavailable_total", {"door": "leadgen"}) or 0


def test_it_counts_who_is_turned_away_and_logs_it_once(business: Business) -> None:
    assert turned_away(business, 5, database_url=NOBODY) == (5, [("capture lost", 5)])


def test_it_counts_who_waited_too_long(business: Business) -> None:
    one_by_one = {"lane_flights": 1, "lane_batch": 1, "database_budget_seconds": 0.3}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"
        told = turned_away(business, 4, database_url=url, **one_by_one)
    assert told == (4, [("capture lost", 1), ("capture waited too long", 3)])


def test_some_fly_while_others_are_still_let_in(business: Business) -> None:
    async def run() -> None:
        lane, turnstile = CaptureLane(settings()), Turnstile(ENOUGH)

        async def caller(number: int) -> None:
            await turnstile.enter()
            await lane.submit(command(business, f"{number}@example.org"))

        try:
            await asyncio.gather(*map(caller, range(2 * ENOUGH)))
        finally:
            await lane.close()

    before = flights()
    asyncio.run(asyncio.wait_for(run(), 60))
    assert flights() - before == 2


def flights() -> float:
    return REGISTRY.get_sample_value("leads_capture_batch_size_count") or 0
