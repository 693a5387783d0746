"""Each operation that has an event to tell promises it once, in its own transaction."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, select

from models.business import Business
from models.database import engine, transaction
from models.job import Job, JobKind
from models.operations.actor import SYSTEM
from models.operations.capture import capture_lead
from models.operations.commands import Keep
from models.operations.convert import ConvertLead, convert
from models.operations.reconcile import reconcile
from models.receipt import Receipt, Verdict
from tests.conftest import founded
from tests.events.conftest import Subscribed
from tests.events.told import (
    CONVERTED,
    CREATED,
    FAILED,
    QUARANTINED,
    UPDATED,
    arrival,
    events_of,
    lead_of,
    owed,
    taken_in,
    tell,
    types,
)
from tests.support.receiver import Receiver
from tests.support.web import Client, web
from tests.workers.promised import OWNER_EMAIL, Providers, job, promised
from workers.run import run


@pytest.fixture
def client(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    with web(monkeypatch) as client:
        yield client


def posted_lead(client: Client, token: str, **more: str) -> str:
    fields = {
        "identifier_type": "email",
        "email": "ada@example.org",
        "first_name": "Ada",
        "request_title": "A chair",
    }
    answer = client.post(
        "/platform/v1/leadgen", headers={"Authorization": f"Bearer {token}"}, json=fields | more
    )
    assert answer.status_code == 201
    uid: str = answer.json()["uid"]
    return uid


def test_it_works(
    client: Client, business: Business, token: str, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED)
    uid = posted_lead(client, token, notifications="email")
    posted_lead(client, token)
    tell(one)
    assert [posted.document()["data"]["lead"]["uid"] for posted in receiver.posted] == [uid]
    with transaction() as session:
        mine = select(Receipt).where(Receipt.business_id == business.id)
        receipt = session.exec(mine.order_by(col(Receipt.id))).first()
        assert receipt is not None
        # Messages only: an event is not one.
        assert receipt.promised == 1


def test_it_tells_of_a_conversion_once(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CONVERTED)
    lead = lead_of(taken_in(business, last_name="Lovelace").lead_uid)
    wanted = ConvertLead(business_id=business.id, lead_id=lead.id, actor=SYSTEM)
    for _ in range(2):
        with transaction() as session:
            conversion = convert(session, wanted).conversion
    assert types(one) == [CONVERTED]
    tell(one)
    told = receiver.posted[0].verified(one.secret)["data"]
    assert told["lead"]["uid"] == lead.uid
    assert told["conversion"] == {
        "id": conversion.id,
        "individual": {"id": conversion.individual_id, "uid": lead.uid},
        "organization": None,
        "deal_id": conversion.deal_id,
        "created_at": told["conversion"]["created_at"],
    }


def test_it_tells_nothing_of_what_was_rolled_back(business: Business, subscribed: Subscribed) -> None:
    subscribed(CONVERTED)
    lead = lead_of(taken_in(business).lead_uid)
    with Session(engine()) as session:
        convert(session, ConvertLead(business_id=business.id, lead_id=lead.id, actor=SYSTEM))
        session.rollback()
    assert events_of(business) == []


def test_it_tells_of_a_receipt_that_was_quarantined(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(QUARANTINED)
    for verdict in (Verdict.QUARANTINED, Verdict.REFUSED, Verdict.FAILED):
        kept = Keep(arrival=arrival(business, "form:contact"), verdict=verdict, reason="honeypot")
        with transaction() as session:
            capture_lead(session, kept)
    tell(one)
    [posted] = receiver.posted
    told = posted.verified(one.secret)["data"]["receipt"]
    assert (told["door"], told["verdict"], told["reason"]) == ("form:contact", "quarantined", "honeypot")
    with transaction() as session:
        receipts = select(Receipt).where(Receipt.business_id == business.id)
        assert len(session.exec(receipts).all()) == 3


def test_it_owes_a_job_and_an_event_about_one_receipt(business: Business, subscribed: Subscribed) -> None:
    one = subscribed(QUARANTINED)
    kept = Keep(
        arrival=arrival(business, "hook:typeform"), verdict=Verdict.QUARANTINED, promise=JobKind.CONVERT
    )
    with transaction() as session:
        capture_lead(session, kept)
        promise = session.exec(select(Job).where(Job.business_id == business.id, Job.kind == "convert")).one()
    assert [event.subject_id for event in events_of(business)] == [promise.subject_id]
    assert types(one) == [QUARANTINED]


def test_it_tells_of_a_message_that_failed_for_good(
    business: Business, subscribed: Subscribed, receiver: Receiver, providers: Providers
) -> None:
    one = subscribed(FAILED)
    providers.smtp.script["RCPT"] = ["550 5.1.1 No such user"]
    ids = promised(business, OWNER_EMAIL)
    run(ids)
    assert job(ids[0]).state == "dead"
    tell(one)
    told = receiver.posted[0].verified(one.secret)["data"]
    assert (told["delivery"]["template"], told["delivery"]["state"]) == ("owner-email", "failed")
    assert told["lead"]["first_name"] == "Ada"
    assert business.email not in receiver.posted[0].body.decode()


def test_it_keeps_businesses_apart(business: Business, subscribed: Subscribed) -> None:
    other = founded()
    mine, theirs = subscribed(CREATED, CONVERTED), subscribed(CREATED, CONVERTED, of=other)
    lead = lead_of(taken_in(business).lead_uid)
    with transaction() as session:
        convert(session, ConvertLead(business_id=business.id, lead_id=lead.id, actor=SYSTEM))
    assert types(mine) == [CREATED, CONVERTED]
    assert owed(theirs) == []


def test_it_leaves_the_books_in_order(own_database: str) -> None:
    business = founded()
    taken_in(business, notifications=frozenset({JobKind.OWNER_EMAIL}))
    with transaction() as session:
        assert reconcile(session).agrees


def test_it_tells_of_leads_that_another_tongue_made(
    client: Client, business: Business, token: str, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED, UPDATED)
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "tests"}
    made = client.post("/v2/leads", headers=headers, json={"data": {"last_name": "Lovelace"}}).json()["data"]
    client.put(f"/v2/leads/{made['id']}", headers=headers, json={"data": {"title": "Countess"}})
    client.put(f"/v2/leads/{made['id']}", headers=headers, json={"data": {"title": "Countess"}})
    tell(one)
    told = [posted.document() for posted in receiver.posted]
    assert [(event["type"], event["data"]["lead"]["id"]) for event in told] == [
        (CREATED, made["id"]),
        (UPDATED, made["id"]),
    ]
    assert told[0]["data"]["enquiry"] is None
