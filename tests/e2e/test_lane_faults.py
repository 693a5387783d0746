"""The capture lane's connection after faults of ours: the next batch finds it clean."""

import asyncio
from typing import cast

import psycopg
import pytest

from intake.flight import Flight
from models.business import Business
from models.identifiers import email_address, new_uid
from models.lead import IdentityKind
from models.operations.commands import Arrival, Captured, CaptureLead, Command
from models.settings import settings
from tests.conftest import founded


@pytest.fixture
def business(own_database: str) -> Business:
    return founded()


def lead(business: Business, email: str) -> CaptureLead:
    arrival = Arrival(uid=new_uid(), business_id=business.id, door="leadgen", body=b"")
    return CaptureLead(
        arrival=arrival, match_on=IdentityKind.EMAIL, email=email_address(email), title="A chair"
    )


def idle_in_transaction(url: str) -> int:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_it_works(business: Business) -> None:
    async def carry() -> Captured:
        flight = Flight(settings())
        [answer] = await flight.carry([lead(business, "ada@example.org")])
        flight.close()
        assert isinstance(answer, Captured)
        return answer

    assert asyncio.run(carry()).verdict == "created"


def test_it_leaves_no_transaction_open_when_a_batch_stumbles(own_database: str, business: Business) -> None:
    """Its locks would make every other enquiry of that person wait."""
    nonsense = cast("Command", object())

    async def carry() -> None:
        flight = Flight(settings())
        with pytest.raises(AttributeError):
            await flight.carry([lead(business, "ada@example.org"), nonsense])
        assert idle_in_transaction(own_database) == 0
        [answer] = await flight.carry([lead(business, "ada@example.org")])
        flight.close()
        assert isinstance(answer, Captured)
        assert answer.verdict == "created"

    asyncio.run(carry())
