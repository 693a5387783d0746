"""Nobody else loses anything when a person is erased."""

from typing import Any

import pytest

from models.business import Business
from models.contact import Contact
from models.database import transact, transaction
from models.delivery import Suppression
from models.errors import Invalid
from models.job import Job, JobKind
from models.operations.person.erase import ErasePerson, erase_person, erasures_of
from tests.conftest import founded
from tests.forms.conftest import Made
from tests.forms.posts import leads, receipts, rows
from tests.hooks.conftest import Partners
from tests.hooks.senders import SENDERS
from tests.person.life import Person, erase, left_of, rows_of, word, work
from tests.workers.promised import Providers, end_lease, execute
from workers.run import run


def unfinished(business: Business) -> int:
    with transaction() as session:
        return sum(one.finished_at is None for one in erasures_of(session, business.id))


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
    of_hook = [one.verdict for one in receipts(lived.business) if one.door.startswith("hook:")]
    assert of_hook.count("created") == 1


def test_it_is_one_businesss_alone(providers: Providers, person: Person, client: Any) -> None:
    person.post()
    other = founded()
    transact(erase_person, ErasePerson(business_id=other.id, reference=person.email))
    work(other)
    assert leads(person.business)[0].email == person.email


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
    person.sell_change("leads", organization_name="Acme Ltd", description=person.word)
    alone = person.sell("/lead_conversions", lead_id=leads(person.business)[0].id)["organization_id"]
    work(person.business)
    person.sell_change("contacts", mobile=f"new {person.word}", custom_fields={"Founded": "1815"})
    person.sell_change("contacts", mobile="")
    erase(person)
    company = next(one for one in rows(Contact, person.business) if one.id == alone)
    assert (company.name, company.email, company.deleted_at) == ("Acme Ltd", "", None)
    assert left_of(person.word) == set()


def test_a_company_beside_its_person_has_nothing_of_them(providers: Providers, person: Person) -> None:
    person.post(organization_name="Acme Ltd")
    person.sell_change("leads", organization_name="Acme Ltd")
    person.sell("/lead_conversions", lead_id=leads(person.business)[0].id)
    work(person.business)
    company = next(one.id for one in rows(Contact, person.business) if one.is_organization)
    own = {"address": {"city": "London"}, "custom_fields": {"Founded": "1815"}}
    assert person.ask("PUT", f"/v2/contacts/{company}", {"data": own}).status_code == 200
    erase(person)
    kept = next(one for one in rows(Contact, person.business) if one.is_organization)
    assert (kept.name, kept.address, kept.custom_fields) == ("Acme Ltd", *own.values())
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


def test_who_comes_back_by_a_partner_who_told_of_them_before_is_new(
    providers: Providers, person: Person, partner: Partners
) -> None:
    zapier = partner(SENDERS["zapier"])
    batch = [{"first_name": one, "email": f"{one}@example.org"} for one in (person.word, word())]
    zapier.send(batch)
    work(person.business)
    transact(erase_person, ErasePerson(business_id=person.business.id, reference=person.email))
    zapier.send([*batch, {"first_name": "New", "email": f"{word()}@example.org"}])
    work(person.business)
    assert person.email in [one.email for one in leads(person.business)]


def test_a_batch_whose_worker_gave_up_is_not_waited_for(
    providers: Providers, person: Person, partner: Partners
) -> None:
    partner(SENDERS["zapier"]).send([{"email": person.email, "first_name": one} for one in ("Ada", "Eve")])
    execute("UPDATE job SET state = 'dead' WHERE business_id = %s", person.business.id)
    erase(person)
    assert unfinished(person.business) == 0
