"""Nothing of a person is left who is erased (promise P42)."""

from typing import Any

import pytest
from sqlmodel import select

from models.business import Business
from models.contact import Contact
from models.database import transact, transaction
from models.delivery import Delivery, Suppression
from models.errors import Invalid
from models.job import Job, JobKind
from models.operations.person.erase import ErasePerson, erase_person, erasures_of
from models.operations.reconcile import reconcile
from tests.conftest import founded
from tests.events.conftest import Subscribed
from tests.forms.conftest import Made
from tests.forms.posts import enquiries, leads, receipts, rows
from tests.hooks.conftest import Partners
from tests.hooks.senders import SENDERS
from tests.person.life import Person, due, left_of, rows_of, word, work
from tests.support.receiver import Receiver
from tests.workers.promised import Providers, end_lease, execute
from workers.run import run

Headers = dict[str, str]
PATH = "/intake/v1/erasures"


def erase(person: Person, reference: str = "") -> None:
    command = ErasePerson(business_id=person.business.id, reference=reference or person.email)
    transact(erase_person, command)
    work(person.business)


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


def test_it_leaves_others_alone(providers: Providers, lived: Person, client: Any, token: str) -> None:
    other = Person(client, lived.business, token)
    near = Person(client, lived.business, token, word=f"x{lived.word}")
    for one in (other, near):
        one.post()
        one.post(request_title="")
    work(lived.business)
    before = {one.word: rows_of(one.word) for one in (other, near)}
    erase(lived)
    assert {one.word: rows_of(one.word) for one in (other, near)} == before
    # Of the partner's batch the other half is known by its own receipt.
    assert [one.verdict for one in receipts(lived.business) if one.door.startswith("hook:")].count(
        "created"
    ) == 1


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


def test_it_is_one_businesss_alone(providers: Providers, person: Person, client: Any) -> None:
    person.post()
    other = founded()
    transact(erase_person, ErasePerson(business_id=other.id, reference=person.email))
    work(other)
    assert leads(person.business)[0].email == person.email


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


def test_a_batch_that_waits_is_taken_in_first_and_nobody_else_is_lost(
    providers: Providers, person: Person, partner: Partners
) -> None:
    zapier, strangers = partner(SENDERS["zapier"]), [word(), word()]
    zapier.send([{"first_name": one, "email": f"{one}@example.org"} for one in (person.word, *strangers)])
    transact(erase_person, ErasePerson(business_id=person.business.id, reference=person.email))
    erasing = [job.id for job in rows(Job, person.business) if job.kind == JobKind.ERASE]
    end_lease(*erasing)
    run(erasing)
    assert unfinished(person.business) == 1
    work(person.business)
    assert sorted(one.email for one in leads(person.business)) == sorted(
        ["", *(f"{one}@example.org" for one in strangers)]
    )
    assert (left_of(person.word), unfinished(person.business)) == (set(), 0)


def test_a_batch_that_failed_keeps_the_others(
    providers: Providers, person: Person, partner: Partners
) -> None:
    zapier, stranger = partner(SENDERS["zapier"]), word()
    zapier.send([{"first_name": one, "email": f"{one}@example.org"} for one in (person.word, stranger)])
    execute("UPDATE receipt SET verdict = 'failed' WHERE business_id = %s", person.business.id)
    execute("UPDATE job SET state = 'done' WHERE business_id = %s", person.business.id)
    erase(person)
    assert stranger.encode() in receipts(person.business)[0].body


def test_somebody_who_only_mentions_the_address_stays_in_quarantine(
    providers: Providers, person: Person, form: Made, client: Any, token: str
) -> None:
    other = Person(client, person.business, token)
    other.fill(form(), contact_by_fax="1", message=f"My neighbour is {person.email}")
    erase(person)
    [kept] = receipts(person.business)
    assert (kept.verdict, bool(kept.body)) == ("quarantined", True)


def test_a_company_stays_without_the_details_of_who_stood_for_it(
    providers: Providers, person: Person
) -> None:
    answers = {"Birthday": person.word}
    person.post(last_name="", request_data=answers)
    person.sell_change("leads", organization_name="Acme Ltd")
    alone = person.sell("/lead_conversions", lead_id=leads(person.business)[0].id)["organization_id"]
    work(person.business)
    erase(person)
    company = next(one for one in rows(Contact, person.business) if one.id == alone)
    assert (company.name, company.email, company.deleted_at) == ("Acme Ltd", "", None)
    assert left_of(person.word) == set()


def test_a_company_beside_its_person_has_nothing_of_them(providers: Providers, person: Person) -> None:
    person.post(organization_name="Acme Ltd")
    person.sell_change("leads", organization_name="Acme Ltd")
    person.sell("/lead_conversions", lead_id=leads(person.business)[0].id)
    work(person.business)
    erase(person)
    assert {one.name for one in rows(Contact, person.business)} == {"", "Acme Ltd"}
    assert left_of(person.word) == set()


def test_who_shares_an_address_is_left_alone_unless_the_address_is_named(
    providers: Providers, person: Person
) -> None:
    person.post()
    twin = person.sell("/leads", last_name="Twin", email=person.email)
    erase(person, f"id-{person.word}")
    assert [one.email for one in leads(person.business)] == ["", person.email]
    assert rows(Suppression, person.business) == []
    erase(person)
    assert [one.email for one in leads(person.business)] == ["", ""]
    assert person.ask("GET", f"/v2/leads/{twin['id']}", None).status_code == 404


def test_a_name_that_two_people_have_names_neither(person: Person) -> None:
    person.post()
    other = person.sell("/leads", last_name="Other")
    person.sell("/lead_conversions", lead_id=other["id"])
    execute(
        "UPDATE contact SET external_id = %s WHERE business_id = %s", f"id-{person.word}", person.business.id
    )
    with pytest.raises(Invalid, match="several people"):
        transact(erase_person, ErasePerson(business_id=person.business.id, reference=f"id-{person.word}"))


def test_a_providers_words_go_too(providers: Providers, person: Person) -> None:
    person.post(notifications="auto-reply")
    providers.smtp.script["RCPT"] = f"550 5.1.1 user {person.word} unknown"
    work(person.business)
    assert left_of(person.word) >= {"job", "delivery", "suppression"}
    erase(person)
    assert left_of(person.word) == set()
    assert [one.reason for one in rows(Suppression, person.business)] == ["dead"]


def unfinished(business: Business) -> int:
    with transaction() as session:
        return sum(one.finished_at is None for one in erasures_of(session, business.id))
