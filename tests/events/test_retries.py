"""What is not taken is tried again, for as long and as often as Standard Webhooks advise."""

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from models.business import Business
from models.database import transaction
from models.job import JobState
from models.settings import settings
from tests.events.conftest import Subscribed
from tests.events.told import CREATED, make_due, now_is, owed, taken_in, tell, tell_again, tries
from tests.support.receiver import DRIP, ENDLESS, FLOOD, Receiver
from tests.support.sms_server import CLOSE, HANG, Answer
from tests.workers.promised import execute
from workers.backoff import EVENT_WAITS, JITTER, event_wait


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [
        (1, 5), (2, 300), (3, 1800), (4, 7200), (5, 18_000),
        (6, 36_000), (7, 50_400), (8, 72_000), (9, 86_400),
    ],
)  # fmt: skip
def test_it_works(attempt: int, seconds: int) -> None:
    for _ in range(50):
        wait = event_wait(attempt)
        assert wait is not None
        assert seconds <= wait <= seconds * (1 + JITTER)
    asked = event_wait(attempt, 100_000_000.0)
    assert asked == 100_000_000.0


def test_it_tries_for_seventy_five_hours_and_no_longer() -> None:
    assert sum(EVENT_WAITS) == timedelta(hours=75, minutes=35, seconds=5).total_seconds()
    assert event_wait(len(EVENT_WAITS) + 1) is None


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(status=500), 500),
        (Answer(status=404), 404),
        (Answer(status=301, headers={"Location": "http://127.0.0.1:1/"}), 301),
        (Answer(status=307, headers={"Location": "/elsewhere"}), 307),
        (CLOSE, 0),
        (HANG, 0),
        (DRIP, 0),
        (FLOOD, 0),
    ],
    ids=["500", "404", "301", "307", "close", "hang", "drip", "flood"],
)
def test_it_tries_again_whatever_went_wrong(
    answer: Answer | str,
    status: int,
    business: Business,
    subscribed: Subscribed,
    receiver: Receiver,
    loopback: pytest.MonkeyPatch,
) -> None:
    loopback.setenv("WEBHOOK_TIMEOUT_SECONDS", "1")
    settings.cache_clear()
    receiver.script = [answer]
    one = subscribed(CREATED)
    taken_in(business)
    [job] = tell(one)
    assert (job.state, job.attempts) == (JobState.PENDING, 1)
    assert job.next_at > datetime.now(UTC) - timedelta(minutes=1)
    assert now_is(one).failing_since is not None
    [job] = tell_again(one)
    assert (job.state, job.attempts, now_is(one).failing_since) == (JobState.DONE, 2, None)
    assert [row.status for row in tries(one)] == [status, 204]
    assert [bool(row.error) for row in tries(one)] == [status == 0, False]
    # Redirects were not followed: one request a try.
    assert len(receiver.posted) == 2


def test_it_believes_a_status_whatever_follows_it(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    receiver.script = [ENDLESS]
    one = subscribed(CREATED)
    taken_in(business)
    assert [job.state for job in tell(one)] == [JobState.DONE]
    assert len(tries(one)[0].answer) == 500


def test_it_unpacks_nothing(business: Business, subscribed: Subscribed, receiver: Receiver) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    receiver.script = [Answer(status=200, raw=bomb, headers={"Content-Encoding": "gzip"})]
    one = subscribed(CREATED)
    taken_in(business)
    assert [job.state for job in tell(one)] == [JobState.DONE]
    assert receiver.posted[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("asked", ["1200", "date", "999999999"])
def test_it_waits_as_long_as_it_is_asked_to(
    asked: str, business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    seconds = 3600 if asked == "999999999" else 1200  # An hour at most.
    header = format_datetime(datetime.now(UTC) + timedelta(seconds=1200)) if asked == "date" else asked
    receiver.script = [Answer(status=429, headers={"Retry-After": header})]
    one = subscribed(CREATED)
    for _ in range(2):
        taken_in(business)
    first, second = tell(one)
    with transaction() as session:
        waits = session.connection().exec_driver_sql(
            "SELECT extract(epoch FROM next_at - clock_timestamp())::float FROM job WHERE id = ANY(%s)",
            ([first.id, second.id],),
        )
        assert all(seconds - 120 < wait < seconds * 1.3 for (wait,) in waits)
    # The other event was not tried at all while the subscriber rests.
    assert (first.attempts, second.attempts, len(receiver.posted)) == (1, 0, 1)


def test_it_gives_up_after_the_last_try(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    receiver.script = [Answer(status=500)] * 2
    one = subscribed(CREATED)
    taken_in(business)
    execute("UPDATE job SET attempts = 8 WHERE id = %s", owed(one)[0].id)
    assert [(job.state, job.attempts) for job in tell(one)] == [(JobState.PENDING, 9)]
    [job] = tell_again(one)
    assert (job.state, job.attempts, job.last_error) == (JobState.DEAD, 10, "HTTP 500")
    assert now_is(one).active


def test_it_leaves_a_subscriber_alone_that_did_not_answer(
    business: Business, subscribed: Subscribed, receiver: Receiver, loopback: pytest.MonkeyPatch
) -> None:
    loopback.setenv("WEBHOOK_REST_SECONDS", "600")
    settings.cache_clear()
    receiver.script = [CLOSE]
    one, other = subscribed(CREATED), subscribed(CREATED, url=f"{receiver.url}/other")
    for _ in range(3):
        taken_in(business)
    states = [(job.state, job.attempts) for job in tell(one)]
    assert states == [(JobState.PENDING, 1), (JobState.PENDING, 0), (JobState.PENDING, 0)]
    assert [job.state for job in tell(other)] == [JobState.DONE] * 3
    make_due(one)
    assert [job.attempts for job in tell(one)] == [1, 0, 0]
    assert len([posted for posted in receiver.posted if posted.path == "/hook"]) == 1
