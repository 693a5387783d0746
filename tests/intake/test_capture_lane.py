"""The capture lane: whoever waits is carried, in batches, whatever the others do."""

import asyncio

from intake.capture_lane import CaptureLane
from models.business import Business
from models.identifiers import email_address, new_uid
from models.lead import IdentityKind
from models.operations.commands import Arrival, Captured, CaptureLead
from models.settings import settings

CALLERS, EACH = 20, 25


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
