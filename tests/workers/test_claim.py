"""Claims: a job is one worker's alone, a lost lease sends nothing, and what kills its workers dies itself."""

import threading
from uuid import uuid4

import pytest

from models.business import Business
from models.database import engine, transaction
from models.delivery import DeliveryState
from models.job import JobKind, JobState
from models.operations.claim import Claimed, give_back, renew
from models.operations.consent import Limits
from models.operations.owe import owe
from models.operations.settle import LeaseLost, Settled, finish, intend, settle
from tests.workers.promised import claimed, delivery, end_lease, execute, job, outcomes, promised


@pytest.fixture
def one(business: Business) -> int:
    return promised(business, JobKind.OWNER_EMAIL)[0]


def entered(held: Claimed) -> int:
    """The id of the delivery that the job's worker finds or makes."""
    with transaction() as session:
        return owe(session, [held], Limits(3600, 3), "leads.example.org")[0].delivery_id


def settled(held: Claimed, delivery_id: int, state: DeliveryState, job_state: JobState) -> None:
    with engine().connect() as connection:
        autocommitting = connection.execution_options(isolation_level="AUTOCOMMIT")
        wanted = Settled(
            delivery=delivery_id, job=held.id, claim=held.claim, state=state, job_state=job_state
        )
        settle(autocommitting, wanted)


def test_it_works(one: int) -> None:
    held = claimed([one])[0]
    assert (held.id, held.kind, held.attempts, held.crashes) == (one, JobKind.OWNER_EMAIL, 1, 0)
    assert (job(one).state, job(one).claim) == (JobState.CLAIMED, held.claim)
    assert claimed([one]) == []


def test_it_gives_a_job_to_one_of_many(business: Business) -> None:
    ids = promised(business, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)
    won: list[int] = []
    barrier = threading.Barrier(8)

    def race(reverse: bool) -> None:  # noqa: FBT001
        barrier.wait()
        won.extend(held.id for held in claimed(ids[::-1] if reverse else ids))

    threads = [threading.Thread(target=race, args=(number % 2 == 0,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == ids


@pytest.mark.parametrize("state", [JobState.DONE, JobState.DEAD, JobState.CANCELLED])
def test_it_passes_over_what_is_finished(one: int, state: JobState) -> None:
    execute("UPDATE job SET state = %s WHERE id = %s", state, one)
    assert claimed([one]) == []


def test_it_passes_over_what_is_not_due(one: int) -> None:
    execute("UPDATE job SET next_at = clock_timestamp() + interval '1 hour' WHERE id = %s", one)
    assert claimed([one]) == []


def test_it_lets_nobody_send_without_the_lease(one: int) -> None:
    lost = claimed([one])[0]
    delivery_id = entered(lost)
    end_lease(one)
    held = claimed([one])[0]
    with engine().begin() as connection:
        with pytest.raises(LeaseLost):
            intend(connection, delivery_id, lost.claim)
        intend(connection, delivery_id, held.claim)
    assert delivery(one).attempts == 1


def test_it_keeps_the_job_of_whoever_holds_it_now(one: int) -> None:
    lost = claimed([one])[0]
    end_lease(one)
    held = claimed([one])[0]
    with engine().begin() as connection:
        finish(connection, one, lost.claim, JobState.DONE)
    with transaction() as session:
        give_back(session, [one], lost.claim)
        renew(session, [one], lost.claim, 3600)
    assert (job(one).state, job(one).claim) == (JobState.CLAIMED, held.claim)


def test_it_writes_down_what_was_sent_even_when_the_lease_is_lost(one: int) -> None:
    lost = claimed([one])[0]
    delivery_id = entered(lost)
    end_lease(one)
    claimed([one])
    settled(lost, delivery_id, DeliveryState.SENT, JobState.DONE)
    assert (delivery(one).state, job(one).state) == (DeliveryState.SENT, JobState.CLAIMED)


@pytest.mark.parametrize("late", [DeliveryState.UNKNOWN, DeliveryState.DEFERRED, DeliveryState.FAILED])
def test_it_does_not_forget_that_a_message_was_sent(one: int, late: DeliveryState) -> None:
    """Else whoever took the job over would send it again."""
    lost = claimed([one])[0]
    delivery_id = entered(lost)
    end_lease(one)
    held = claimed([one])[0]
    settled(lost, delivery_id, DeliveryState.SENT, JobState.DONE)
    settled(held, delivery_id, late, JobState.PENDING)
    assert delivery(one).state == DeliveryState.SENT
    assert delivery(one).sent_at is not None
    assert outcomes(one) == ["sent", late]


def test_it_takes_back_what_was_not_begun(one: int) -> None:
    held = claimed([one])[0]
    with transaction() as session:
        give_back(session, [one], held.claim)
    assert (job(one).state, job(one).attempts, job(one).claim) == (JobState.PENDING, 0, None)
    assert claimed([one])[0].attempts == 1


def test_it_prolongs_a_lease(one: int) -> None:
    held = claimed([one], lease=0)[0]
    with transaction() as session:
        renew(session, [one], held.claim, 3600)
    assert claimed([one]) == []


def test_it_buries_what_kills_its_workers(business: Business) -> None:
    poison, other = promised(business, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)
    for crashes in range(3):
        assert claimed([poison])[0].crashes == crashes
        end_lease(poison)
    assert [held.id for held in claimed([poison, other])] == [other]
    assert (job(poison).state, job(poison).attempts) == (JobState.DEAD, 4)
    assert "died" in job(poison).last_error


def test_it_counts_only_crashes_in_a_row(one: int) -> None:
    for _ in range(2):
        claimed([one])
        end_lease(one)
    held = claimed([one])[0]
    with engine().begin() as connection:
        finish(connection, one, held.claim, JobState.PENDING, error="a fault of ours")
    assert (claimed([one])[0].crashes, job(one).attempts) == (0, 4)


def test_it_ignores_the_token_of_a_stranger(one: int) -> None:
    held = claimed([one])[0]
    with engine().begin() as connection:
        finish(connection, one, uuid4(), JobState.DONE)
    assert (job(one).state, job(one).claim) == (JobState.CLAIMED, held.claim)
