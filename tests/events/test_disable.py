"""A subscriber that wants no more, or is dead for days, is told no more, and the owner is told so."""

import pytest
from sqlmodel import select

from models.business import Business
from models.database import transaction
from models.job import Job, JobKind, JobState
from models.operations.owner_channels import add_channel
from models.operations.subscriptions import ChangeSubscription, change_subscription
from models.settings import settings
from models.subscription import Subscription
from tests.events.conftest import Subscribed
from tests.events.told import CREATED, events_of, now_is, owed, taken_in, tell, tell_again
from tests.support.receiver import Receiver
from tests.support.sms_server import Answer
from tests.workers.promised import execute, provided, read
from workers.run import run


def notices(one: Subscription) -> list[Job]:
    with transaction() as session:
        jobs = select(Job).where(Job.kind == JobKind.SUBSCRIPTION, Job.subject_id == one.id)
        return list(session.exec(jobs).all())


@pytest.fixture
def dead(subscribed: Subscribed, business: Business, receiver: Receiver) -> Subscription:
    """A subscription that has failed for five days, and a try of which nothing is recorded yet."""
    receiver.script = [Answer(status=500)]
    one = subscribed(CREATED)
    taken_in(business)
    ago = "clock_timestamp() - interval '5 days 1 minute'"
    execute(f"UPDATE subscription SET failing_since = {ago} WHERE id = %s", one.id)
    return one


def test_it_works(dead: Subscription, business: Business) -> None:
    tell(dead)
    ended = now_is(dead)
    assert (ended.active, ended.disabled_reason) == (False, "no success for 5 days")
    assert ended.disabled_at is not None
    [job] = tell_again(dead)
    assert job.state == JobState.CANCELLED
    known = events_of(business)
    taken_in(business)
    assert events_of(business) == known


def test_it_tells_the_owner_once(
    dead: Subscription, business: Business, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        add_channel(session, business, "json://127.0.0.1:1/")
    taken_in(business)
    receiver.script = [Answer(status=500)] * 2
    tell(dead)
    mail, channel = sorted(notices(dead), key=lambda job: job.target_id or 0)
    assert (mail.target_id, channel.target_id is not None) == (None, True)
    with provided(monkeypatch) as providers:
        run([mail.id])
        told = read(providers.smtp.mails[0])
    assert told["To"] == business.email
    assert told["Subject"] == "Events to 127.0.0.1 have been stopped"
    part = told.get_body(("plain",))
    assert part is not None
    assert f"intake subscription enable {dead.uid}" in part.get_content()


def test_it_ends_at_once_where_the_subscriber_is_gone(
    business: Business, subscribed: Subscribed, receiver: Receiver, loopback: pytest.MonkeyPatch
) -> None:
    loopback.setenv("WEBHOOK_REST_SECONDS", "600")
    settings.cache_clear()
    receiver.script = [Answer(status=410)]
    one = subscribed(CREATED)
    for _ in range(2):
        taken_in(business)
    assert [job.state for job in tell(one)] == [JobState.CANCELLED, JobState.PENDING]
    assert [job.state for job in tell_again(one)] == [JobState.CANCELLED] * 2
    assert len(receiver.posted) == 1
    assert (now_is(one).active, now_is(one).disabled_reason) == (False, "410 Gone")
    assert len(notices(one)) == 1


def test_it_does_not_end_where_a_success_came_between(
    dead: Subscription, business: Business, receiver: Receiver
) -> None:
    receiver.script = []
    tell(dead)
    assert (now_is(dead).active, now_is(dead).failing_since) == (True, None)
    receiver.script = [Answer(status=500)]
    taken_in(business)
    tell(dead)
    assert now_is(dead).active


def test_it_begins_anew_when_it_is_enabled(dead: Subscription, business: Business) -> None:
    tell(dead)
    with transaction() as session:
        change_subscription(session, ChangeSubscription(business_id=business.id, uid=dead.uid, active=True))
    taken_in(business)
    assert tell(dead)[-1].state == JobState.DONE
    assert now_is(dead).disabled_reason == ""
    assert len(owed(dead)) == 2
