"""Nothing of a person is left who is erased (promise P42)."""

from contextlib import closing
from typing import Any

import pytest
from sqlmodel import select

from models.database import engine, transact, transaction
from models.delivery import Delivery, Suppression
from models.job import Job, JobKind
from models.operations.person.erase import ErasePerson, erase_person
from models.operations.reconcile import reconcile
from models.operations.settle import LeaseLost
from models.settings import settings
from tests.conftest import founded
from tests.events.conftest import Subscribed
from tests.forms.conftest import Made
from tests.forms.posts import enquiries, leads, receipts, rows
from tests.hooks.conftest import Partners
from tests.hooks.senders import SENDERS
from tests.person.life import Person, due, erase, left_of, work
from tests.support.receiver import Receiver
from tests.workers.promised import Providers, claimed, end_lease, execute
from workers.handlers.notify import Notify

Headers = dict[str, str]
PATH = "/intake/v1/erasures"


@pytest.mark.parametrize("reference", ["{0}@example.org", "other-{0}@EXAMPLE.org", "id-{0}", "uid"])
def test_it_works(providers: Providers, lived: Person, reference: str) -> None:
    found = left_of(lived.word)
    assert found > {"lead", "contact", "deal", "identity", "enquiry", "receipt", "delivery", "note", "task"}
    assert found > {"activity", "appointment", "touch"}
    before = len(leads(lived.business))
    uid = next(one.uid for one in leads(lived.business) if one.email == lived.email)
    erase(lived, uid if reference == "uid" else reference.format(lived.word))
    assert left_of(lived.word) == set()
    assert len(leads(lived.business)) == before


def test_it_is_done_at_once_but_for_what_a_long_look_finds(providers: Providers, lived: Person) -> None:
    command = ErasePerson(business_id=lived.business.id, reference=lived.email)
    transact(erase_person, command)
    assert left_of(lived.word) == {"receipt", "erasure"}


def test_nobody_is_written_to_any_more(providers: Providers, person: Person) -> None:
    person.post()
    erase(person)
    assert (providers.smtp.mails, providers.sms.asked) == ([], [])
    states = [(one.state, one.reason) for one in rows(Delivery, person.business)]
    assert states == [("suppressed", "erased")] * 3


def test_who_comes_back_is_new_and_gets_no_automatic_mail(providers: Providers, person: Person) -> None:
    person.post()
    work(person.business)
    erase(person)
    sent = len(providers.smtp.mails)
    assert person.post().status_code == 201
    work(person.business)
    first, second = leads(person.business)
    assert (first.email, second.email) == ("", person.email)
    # The owner hears of it; the visitor does not.
    assert len(providers.smtp.mails) == sent + 1


def test_a_late_repetition_brings_nobody_back(providers: Providers, person: Person) -> None:
    first = person.post("one-key").json()
    erase(person)
    again = person.post("one-key")
    assert (again.status_code, again.json()["uid"]) == (201, first["uid"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert left_of(person.word) == set()


def test_what_was_known_of_the_address_is_known_of_its_hash(providers: Providers, person: Person) -> None:
    with transaction() as session:
        session.add(
            Suppression(
                business_id=person.business.id, channel="email", address=person.email, reason="unsubscribed"
            )
        )
    person.post()
    erase(person)
    [kept] = rows(Suppression, person.business)
    assert (kept.reason, kept.address[:7], len(kept.address)) == ("unsubscribed", "sha256:", 71)


def test_the_hash_of_an_address_differs_from_business_to_business(
    providers: Providers, person: Person
) -> None:
    other = founded()
    for business in (person.business, other):
        transact(erase_person, ErasePerson(business_id=business.id, reference=person.email))
    [one], [two] = rows(Suppression, person.business), rows(Suppression, other)
    assert one.address != two.address


def test_the_link_of_a_mail_that_was_sent_says_still_that_all_is_well(
    providers: Providers, person: Person
) -> None:
    person.post()
    work(person.business)
    token = next(one.unsubscribe_token for one in rows(Delivery, person.business) if one.unsubscribe_token)
    erase(person)
    assert (
        person.client.post(f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    )


def test_subscribers_are_told_of_nobody(
    providers: Providers, person: Person, subscribed: Subscribed, receiver: Receiver
) -> None:
    subscribed("lead.created")
    person.post()
    erase(person)
    assert receiver.posted == []


def test_a_quarantined_post_can_be_released_no_more(
    providers: Providers, person: Person, form: Made, admin: Headers
) -> None:
    held = person.fill(form(), contact_by_fax="1")
    erase(person)
    assert [(one.verdict, one.reason, one.body) for one in receipts(person.business)] == [
        ("refused", "erased", b"")
    ]
    path = f"/intake/v1/quarantine/{held.headers['x-request-id']}/release"
    assert person.client.post(path, headers=admin).status_code == 404


def test_a_job_that_runs_twice_does_no_harm(providers: Providers, person: Person) -> None:
    person.post()
    erase(person)
    with transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE job SET state = 'pending' WHERE kind = 'erase' AND business_id = %s",
            (person.business.id,),
        )
    work(person.business)
    with transaction() as session:
        done = session.exec(select(Job.state).where(Job.business_id == person.business.id)).all()
    assert set(done) == {"done"}


def test_it_is_asked_for_by_api(providers: Providers, person: Person, admin: Headers) -> None:
    person.post()
    asked = person.client.post(PATH, headers=admin, json={"person": person.email})
    told = asked.json()
    assert (asked.status_code, told["leads"], told["contacts"], told["finished_at"]) == (202, 1, 0, None)
    assert JobKind.ERASE in [job.kind for job in rows(Job, person.business)]
    work(person.business)
    [listed] = person.client.get(PATH, headers=admin).json()["items"]
    assert listed["uid"] == told["uid"]
    assert listed["finished_at"] is not None
    assert enquiries(person.business)[0].title == ""


@pytest.mark.parametrize(
    ("sent", "status", "reason"),
    [({}, 422, "missing"), ({"person": ["x"]}, 422, "invalid"), ({"person": "nobody"}, 404, "not_found")],
)
def test_it_says_what_is_wrong(
    person: Person, admin: Headers, sent: dict[str, Any], status: int, reason: str
) -> None:
    answer = person.client.post(PATH, headers=admin, json=sent)
    assert (answer.status_code, answer.json()["reason"], answer.json()["field"]) == (status, reason, "person")
    assert due(person.business) == []


def test_it_asks_for_the_scope(person: Person) -> None:
    for path in (PATH, "/intake/v1/people/export"):
        assert person.ask("POST", path, {"person": person.email}).status_code == 403


def test_an_address_that_no_lead_has_is_looked_for_all_the_same(providers: Providers, person: Person) -> None:
    person.post(first_name="")
    erase(person)
    assert [one.body for one in receipts(person.business)] == [b""]
    assert left_of(person.word) == set()


def test_reconcile_agrees(providers: Providers, lived: Person) -> None:
    with transaction() as session:
        before = reconcile(session).missing
    erase(lived)
    with transaction() as session:
        assert reconcile(session).missing == before


def test_a_providers_words_go_too(providers: Providers, person: Person) -> None:
    person.post(notifications="auto-reply")
    providers.smtp.script["RCPT"] = f"550 5.1.1 user {person.word} unknown"
    work(person.business)
    assert left_of(person.word) >= {"job", "delivery", "suppression"}
    erase(person)
    assert left_of(person.word) == set()
    assert [one.reason for one in rows(Suppression, person.business)] == ["dead"]


def test_a_message_that_was_prepared_before_does_not_leave(providers: Providers, person: Person) -> None:
    person.post(notifications="auto-reply")
    jobs = claimed([job.id for job in rows(Job, person.business)])
    with closing(Notify(settings())) as handler, engine().connect() as connection:
        with transaction() as session:
            works = handler.prepare(session, jobs)
        transact(erase_person, ErasePerson(business_id=person.business.id, reference=person.email))
        with pytest.raises(LeaseLost):
            handler.do(connection.execution_options(isolation_level="AUTOCOMMIT"), works[0])
    end_lease(*(job.id for job in jobs))
    work(person.business)
    assert (providers.smtp.mails, left_of(person.word)) == ([], set())


def test_an_item_of_a_batch_that_failed_goes(providers: Providers, person: Person, partner: Partners) -> None:
    partner(SENDERS["zapier"]).send(
        [{"email": one, "first_name": "Ada"} for one in (person.email, "x@y.org")]
    )
    work(person.business)
    execute(
        "UPDATE receipt SET verdict = 'failed', lead_id = NULL, enquiry_id = NULL"
        " WHERE verdict <> 'split' AND business_id = %s",
        person.business.id,
    )
    erase(person)
    assert left_of(person.word) == set()
