"""vcita's webhooks: subscribed, listed and ended in its words, and told in them (wire.md 1.6)."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from models.business import Business, TokenKind
from models.database import transact, transaction
from models.operations.directories import directory_of
from models.operations.subscriptions import ChangeSubscription, change_subscription
from models.operations.tokens import Scope, issue
from models.subscription import Subscription
from tests.conftest import founded
from tests.events.told import lead_of, taken_in, tell
from tests.support.receiver import Receiver
from tests.support.web import Client, web

Headers = dict[str, str]

SUBSCRIBE, UNSUBSCRIBE, LIST = (
    f"/platform/v1/{path}" for path in ("webhook/subscribe", "webhook/unsubscribe", "webhooks")
)
URL = "https://hooks.example.org/vcita"
EVENTS = (
    "client/created, client/updated, contact_form/created, conversation_item/created, "
    "message/client_sent_message"
)
UNAUTHORIZED = {"message": "Unauthorized", "status": "Error"}


@pytest.fixture
def client(loopback: pytest.MonkeyPatch) -> Iterator[Client]:
    with web(loopback) as client:
        yield client


@pytest.fixture
def staff(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def directory(business: Business) -> Headers:
    with transaction() as session:
        holder = directory_of(session, session.merge(business))
        token = issue(session, directory=holder, kind=TokenKind.DIRECTORY)
    return {"Authorization": f'Token token="{token}"', "X-On-Behalf-Of": business.uid}


def items(client: Client, staff: Headers, query: str = "") -> list[dict[str, object]]:
    answer = client.get(f"{LIST}{query}", headers=staff)
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.json()["response"]["data"]["subscriptions"]
    return found


def subscription(business: Business) -> Subscription:
    with transaction() as session:
        return session.exec(select(Subscription).where(Subscription.business_id == business.id)).one()


def test_it_works(client: Client, business: Business, staff: Headers, receiver: Receiver) -> None:
    answer = client.post(SUBSCRIBE, headers=staff, json={"event": "lead/created", "target_url": receiver.url})
    one = subscription(business)
    assert (answer.status_code, answer.json()) == (
        201,
        {"data": {"subscription_id": str(one.id)}, "status": "OK"},
    )
    lead = lead_of(taken_in(business, last_name="Lovelace", address="1 Oak Road").lead_uid)
    tell(one)
    told = receiver.posted[0].verified(one.secret)
    data = told.pop("data")
    assert told == {
        "entity_name": "client",
        "event_type": "created",
        "custom_fields_status": "Potential client",
    }
    assert data == {
        "business_id": business.uid,
        "client_id": lead.uid,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone": "",
        "email": lead.email,
        "image": None,
        "address": {"main": "1 Oak Road"},
        "custom_fields": {},
        "visible": True,
        "opt_in": False,
        "created_at": data["created_at"],
        "updated_at": data["updated_at"],
        "spam": False,
    }


@pytest.mark.parametrize(
    "event", ["contact_form/created", "conversation_item/created", "message/client_sent_message"]
)
def test_it_tells_of_each_request(
    client: Client, business: Business, staff: Headers, receiver: Receiver, event: str
) -> None:
    wanted = {"event": event, "target_url": receiver.url}
    assert client.post(SUBSCRIBE, headers=staff, json=wanted).status_code == 201
    for _ in range(2):
        taken_in(business, "ada@forms.example.org", message_data={"Message": "By May?"})
    tell(subscription(business))
    told = [posted.document() for posted in receiver.posted]
    assert [f"{one['entity_name']}/{one['event_type']}" for one in told] == [event] * 2
    assert [one["data"]["fields"] for one in told] == [{"Message": "By May?"}] * 2
    assert told[0]["data"]["conversation_uid"] != told[1]["data"]["conversation_uid"]


def test_it_lists_what_was_subscribed(client: Client, business: Business, staff: Headers) -> None:
    for event in ("client/created", "client/updated", "contact_form/created", "message/client_sent_message"):
        client.post(SUBSCRIBE, headers=staff, json={"event": event, "target_url": URL})
    listed = items(client, staff)
    assert [(one["entity"], one["event_type"], one["url"]) for one in listed] == [
        ("client", "create", URL),
        ("client", "update", URL),
        ("contact_form", "create", URL),
        ("message", "client_sent_message", URL),
    ]
    assert all(isinstance(one["id"], int) for one in listed)
    assert items(client, staff, "?filter[entity]=client&filter[event_type]=created") == listed[:1]
    assert items(client, staff, "?filter[entity]=lead&filter[event_type]=update") == listed[1:2]
    assert client.get(LIST, headers=staff).json()["response"]["success"] == "ok"


def test_it_unsubscribes_one_event_or_all(client: Client, business: Business, staff: Headers) -> None:
    for event in ("client/created", "client/updated"):
        client.post(SUBSCRIBE, headers=staff, json={"event": event, "target_url": URL})
    for wanted, left in (
        ({"target_url": f"{URL}/other"}, 2),
        ({"target_url": URL, "event": "lead/created"}, 1),
        ({"target_url": URL}, 0),
    ):
        answer = client.post(UNSUBSCRIBE, headers=staff, json=wanted)
        assert (answer.status_code, answer.json()) == (200, {"data": {"unsubscribed": True}, "status": "OK"})
        assert len(items(client, staff)) == left


@pytest.mark.parametrize(
    ("sent", "status", "message"),
    [
        ({"event": "created", "target_url": URL}, 400, "Invalid event format"),
        ({"event": "a/b/c", "target_url": URL}, 400, "Invalid event format"),
        ({"target_url": URL}, 400, "Mandatory parameter event is missing"),
        ({"event": "client/created"}, 400, "Mandatory parameter target_url is missing"),
        (
            {"event": "appointment/created", "target_url": URL},
            422,
            f"event must be one of {EVENTS}",
        ),
        (
            {"event": "tag/add", "target_url": URL},
            422,
            f"event must be one of {EVENTS}",
        ),
        ({"event": "client/created", "target_url": "ftp://a.example/"}, 422, "url must begin with https://"),
        ({"event": "client/created", "target_url": "https://10.0.0.1/"}, 422, "url must name a public host"),
    ],
)
def test_it_refuses_in_its_own_words(
    client: Client, staff: Headers, sent: dict[str, str], status: int, message: str
) -> None:
    answer = client.post(SUBSCRIBE, headers=staff, json=sent)
    assert (answer.status_code, answer.json()) == (status, {"message": message, "status": "Error"})


def test_it_refuses_the_same_twice(client: Client, staff: Headers) -> None:
    wanted = {"event": "client/created", "target_url": URL}
    client.post(SUBSCRIBE, headers=staff, json=wanted)
    answer = client.post(SUBSCRIBE, headers=staff, json=wanted | {"event": "lead/created"})
    assert (answer.status_code, answer.json()) == (
        422,
        {"message": "Webhook already exists", "status": "Error"},
    )


def test_it_lets_a_directory_act_for_its_businesses(client: Client, business: Business) -> None:
    headers = directory(business)
    wanted = {"event": "client/created", "target_url": URL}
    assert client.post(SUBSCRIBE, headers=headers, json=wanted).status_code == 201
    assert len(items(client, headers)) == 1
    nobody = {"Authorization": headers["Authorization"]}
    answer = client.post(SUBSCRIBE, headers=nobody, json=wanted)
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Mandatory header X-On-Behalf-Of is missing",
    )
    stranger = client.get(LIST, headers=nobody | {"X-On-Behalf-Of": founded().uid})
    assert (stranger.status_code, stranger.json()) == (401, UNAUTHORIZED)


def test_it_lets_in_staff_and_directories_alone(client: Client, business: Business, staff: Headers) -> None:
    with transaction() as session:
        app = issue(session, business=business, kind=TokenKind.APP)
        weak = issue(session, business=business, kind=TokenKind.STAFF, scopes=[Scope.LEADS_READ])
    for headers in ({}, {"Authorization": "Bearer tg_live_no"}, {"Authorization": f"Bearer {app}"}):
        answer = client.get(LIST, headers=headers)
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert client.get(LIST, headers={"Authorization": f"Bearer {weak}"}).status_code == 403
    client.post(SUBSCRIBE, headers=staff, json={"event": "client/created", "target_url": URL})
    other = founded()
    with transaction() as session:
        stranger = issue(session, business=other, kind=TokenKind.STAFF)
    assert items(client, {"Authorization": f"Bearer {stranger}"}) == []


def test_it_lets_a_disabled_one_begin_anew(client: Client, business: Business, staff: Headers) -> None:
    wanted = {"event": "client/created", "target_url": URL}
    client.post(SUBSCRIBE, headers=staff, json=wanted)
    first = subscription(business)
    transact(change_subscription, ChangeSubscription(business_id=None, uid=first.uid, active=False))
    assert items(client, staff) == []
    again = client.post(SUBSCRIBE, headers=staff, json=wanted)
    assert (again.status_code, again.json()["data"]) == (201, {"subscription_id": str(first.id)})
    assert (subscription(business).active, len(items(client, staff))) == (True, 1)
    assert subscription(business).secret == first.secret
