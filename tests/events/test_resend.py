"""A subscriber that lost events is told of them once more, under their ids."""

from typing import Any

import pytest

from models.business import Business, TokenKind
from models.database import transaction
from models.operations.tokens import Scope, issue
from tests.conftest import founded
from tests.events.conftest import Subscribed
from tests.events.told import CREATED, UPDATED, events_of, taken_in, tell
from tests.forms.conftest import admin, client
from tests.support.command import answer, refusal
from tests.support.receiver import Receiver
from tests.support.web import Client
from tests.workers.promised import execute

__all__ = ["admin", "client"]

Headers = dict[str, str]


def replayed(uid: str, *more: str) -> list[str]:
    """The uids of the events that are told once more."""
    lines = answer("subscription", "replay", uid, *more).splitlines()
    return [line.split("\t")[0] for line in lines]


def test_it_works(business: Business, subscribed: Subscribed, receiver: Receiver) -> None:
    one = subscribed(CREATED)
    taken_in(business)
    taken_in(business)
    first, second = [event.uid for event in events_of(business)]
    tell(one)
    assert replayed(one.uid) == []
    assert replayed(one.uid, "--all", "--dry-run") == [first, second]
    assert len(receiver.posted) == 2
    assert replayed(one.uid, "--all") == [first, second]
    # They are on their way now, and not owed twice.
    assert replayed(one.uid, "--all") == []
    tell(one)
    assert [posted.headers["webhook-id"] for posted in receiver.posted] == [first, second] * 2


def test_it_tells_of_what_was_given_up(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED)
    taken_in(business)
    [event] = events_of(business)
    execute("UPDATE job SET state = 'dead' WHERE kind = 'event' AND target_id = %s", one.id)
    assert replayed(one.uid) == [event.uid]
    tell(one)
    assert len(receiver.posted) == 1
    assert replayed(one.uid) == []


def test_it_looks_no_further_back_than_it_is_told(business: Business, subscribed: Subscribed) -> None:
    one = subscribed(CREATED)
    taken_in(business)
    execute("UPDATE job SET state = 'dead' WHERE kind = 'event' AND target_id = %s", one.id)
    execute(
        "UPDATE event SET created_at = created_at - interval '5 hours' WHERE business_id = %s", business.id
    )
    assert replayed(one.uid, "--since", "4h", "--dry-run") == []
    assert len(replayed(one.uid, "--since", "6h", "--dry-run")) == 1


def test_it_tells_of_the_types_that_are_wanted_alone(business: Business, subscribed: Subscribed) -> None:
    one = subscribed(CREATED)
    other = subscribed(UPDATED, url="https://example.org/other")
    taken_in(business)
    assert replayed(other.uid, "--all") == []
    assert len(replayed(one.uid, "--all", "--dry-run")) == 0


def test_a_disabled_one_is_told_nothing(subscribed: Subscribed) -> None:
    one = subscribed(CREATED)
    answer("subscription", "disable", one.uid)
    told = refusal("subscription", "replay", one.uid)
    assert told == "intake: the subscription is disabled: enable it first\n"


def test_by_api(
    business: Business, admin: Headers, client: Client, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED)
    taken_in(business)
    tell(one)
    [event] = events_of(business)
    path, headers = f"/intake/v1/subscriptions/{one.uid}/replay", admin
    assert client.post(path, json={}, headers=headers).json() == {"items": []}
    told = client.post(path, json={"all": True, "hours": 1}, headers=headers)
    assert (told.status_code, told.json()["items"]) == (202, [{"uid": event.uid, "type": CREATED}])
    tell(one)
    assert len(receiver.posted) == 2


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"hours": 0}, "hours"),
        ({"hours": True}, "hours"),
        ({"hours": 9000}, "hours"),
        ({"all": 1}, "all"),
        ({"x": 1}, "x"),
    ],
)
def test_bad_input(
    admin: Headers, client: Client, subscribed: Subscribed, sent: dict[str, Any], field: str
) -> None:
    one = subscribed(CREATED)
    path, headers = f"/intake/v1/subscriptions/{one.uid}/replay", admin
    refused = client.post(path, json=sent, headers=headers)
    assert refused.status_code == 422
    assert field in refused.text


def test_others_have_none(client: Client, subscribed: Subscribed) -> None:
    """Whose it is does not show."""
    one, stranger = subscribed(CREATED), founded()
    with transaction() as session:
        theirs = issue(session, business=stranger, kind=TokenKind.STAFF, scopes=[Scope.ADMIN])
    headers = {"Authorization": f"Bearer {theirs}"}
    for uid in (one.uid, "none"):
        path = f"/intake/v1/subscriptions/{uid}/replay"
        assert client.post(path, json={}, headers=headers).status_code == 404
