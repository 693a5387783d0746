"""A subscriber is told of an event, by a signed request of its own."""

import json

from models.business import Business
from models.database import transaction
from models.operations.subscriptions import Rotate, rotate_secret
from models.subscription import EventType
from tests.conftest import founded
from tests.events.conftest import Subscribed
from tests.events.told import CREATED, REPEAT, UPDATED, events_of, lead_of, taken_in, tell, tell_again, tries
from tests.support.receiver import Receiver
from tests.support.sms_server import Answer
from tests.workers.promised import execute


def test_it_works(business: Business, subscribed: Subscribed, receiver: Receiver) -> None:
    one = subscribed(CREATED)
    known = taken_in(business, last_name="Lovelace", tags=("oak",), request_data={"Wood": "oak"})
    assert [job.state for job in tell(one)] == ["done"]
    [posted] = receiver.posted
    told = posted.verified(one.secret)
    lead = lead_of(known.lead_uid)
    assert (told["type"], posted.headers["content-type"]) == (CREATED, "application/json")
    assert told["data"]["lead"] == {
        "uid": lead.uid,
        "id": lead.id,
        "slug": lead.slug,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": lead.email,
        "phone": "",
        "status": "lead",
        "source": "",
        "tags": ["oak"],
        "created_at": told["data"]["lead"]["created_at"],
    }
    assert told["data"]["enquiry"]["request_data"] == {"Wood": "oak"}
    assert told["data"]["verdict"] == "created"
    assert [(one.status, one.error) for one in tries(one)] == [(204, "")]


def test_it_tells_each_kind_of_capture_to_whoever_wants_it(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    all_of_them, repeats = subscribed(CREATED, UPDATED, REPEAT), subscribed(REPEAT)
    email = "ada@kinds.example.org"
    for more in ({}, {"last_name": "Lovelace"}, {"last_name": "Byron"}):
        taken_in(business, email, **more)
    tell(all_of_them)
    tell(repeats)
    heard = [posted.document() for posted in receiver.posted if posted.uid]
    assert [one["type"] for one in heard] == [CREATED, UPDATED, REPEAT, REPEAT]
    assert [one["data"]["verdict"] for one in heard] == ["created", "updated", "repeat", "repeat"]
    # One event is one event, however many are told of it.
    assert len(events_of(business)) == 3
    assert receiver.posted[2].uid == receiver.posted[3].uid


def test_it_writes_nothing_where_nobody_listens(business: Business, subscribed: Subscribed) -> None:
    subscribed(REPEAT)
    subscribed(CREATED, of=founded())
    taken_in(business)
    assert events_of(business) == []


def test_it_signs_with_both_secrets_while_one_is_replaced(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED)
    with transaction() as session:
        new = rotate_secret(session, Rotate(business_id=business.id, uid=one.uid)).secret
    taken_in(business)
    tell(one)
    [posted] = receiver.posted
    assert new != one.secret
    assert posted.verified(one.secret) == posted.verified(new)
    assert len(posted.headers["webhook-signature"].split(" ")) == 2


def test_it_signs_with_the_new_secret_alone_after_the_overlap(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED)
    with transaction() as session:
        new = rotate_secret(session, Rotate(business_id=business.id, uid=one.uid)).secret
        session.connection().exec_driver_sql(
            "UPDATE subscription SET old_secret_until = clock_timestamp() WHERE id = %s", (one.id,)
        )
    taken_in(business)
    tell(one)
    [posted] = receiver.posted
    assert posted.verified(new)
    assert len(posted.headers["webhook-signature"].split(" ")) == 1


def test_it_uses_one_id_for_all_tries(business: Business, subscribed: Subscribed, receiver: Receiver) -> None:
    receiver.script = [Answer(status=500, document={"error": "ask ada@example.org"})]
    one = subscribed(CREATED)
    taken_in(business)
    tell(one)
    tell_again(one)
    first, second = receiver.posted
    assert (first.uid, first.body) == (second.uid, second.body)
    assert second.verified(one.secret)["type"] == EventType.LEAD_CREATED
    assert [(row.status, row.answer) for row in tries(one)] == [
        (500, '{"error": "ask <redacted>"}'),
        (204, ""),
    ]


def test_it_tells_again_under_one_id_what_a_dead_worker_did_not_record(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED)
    taken_in(business)
    [job] = tell(one)
    # As if the worker had died between the request and its record.
    execute("UPDATE job SET state = 'claimed', next_at = clock_timestamp() WHERE id = %s", job.id)
    assert [(job.state, job.attempts) for job in tell(one)] == [("done", 2)]
    assert len({posted.uid for posted in receiver.posted}) == 1
    assert len(receiver.posted) == 2


def test_it_fits_into_twenty_thousand_octets(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED)
    smiles = {f"Label {'😀' * 200} {n}": "😀" * 10_000 for n in range(40)}
    taken_in(
        business, request_data=smiles, message_data=smiles, tags=tuple(f"{n}{'ä' * 250}" for n in range(50))
    )
    tell(one)
    [posted] = receiver.posted
    told = posted.verified(one.secret)
    assert len(posted.body) < 20_000
    assert told["truncated"] is True
    assert told["data"]["lead"]["first_name"] == "Ada"
    assert json.loads(posted.body) == told
