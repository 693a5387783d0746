"""Posts of somebody who is being erased are taken in before it or after it, and never half."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from models.business import Business
from models.database import transact
from models.errors import UnknownLead
from models.job import JobKind
from models.operations.actor import SYSTEM
from models.operations.convert import ConvertLead, convert
from models.operations.person.erase import ErasePerson, erase_person
from tests.forms.posts import enquiries, leads
from tests.person.life import Person, left_of, work
from tests.support.web import Client
from tests.workers.promised import Providers, promised, somebody

POSTS, ERASURES = 24, 6


def test_it_works(providers: Providers, business: Business) -> None:
    address = somebody()

    def post(number: int) -> None:
        promised(
            business, JobKind.AUTO_REPLY, email=address, unique_id=f"u{number % 2}", last_name="Lovelace"
        )

    def erase(_: int) -> None:
        transact(erase_person, ErasePerson(business_id=business.id, reference=address))

    post(0)
    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(erase if n % 4 == 3 else post, n) for n in range(POSTS + ERASURES)]
        for one in done:
            one.result()
    assert len(enquiries(business)) == 1 + sum(1 for n in range(POSTS + ERASURES) if n % 4 != 3)
    assert {one.email + one.last_name for one in leads(business) if one.erased_at} == {""}
    assert len([one for one in leads(business) if not one.erased_at]) <= 2
    erase(0)
    work(business)
    assert {one.email for one in leads(business)} == {""}


def test_a_conversion_comes_before_it_or_not_at_all(
    providers: Providers, business: Business, client: Client, token: str
) -> None:
    person = Person(client, business, token)
    numbers = range(12)

    def convert_one(lead: int) -> None:
        command = ConvertLead(business_id=business.id, lead_id=lead, actor=SYSTEM)
        with suppress(UnknownLead):
            transact(convert, command)

    def erase(number: int) -> None:
        reference = f"{number}-{person.email}"
        transact(erase_person, ErasePerson(business_id=business.id, reference=reference))

    for number in numbers:
        person.post(email=f"{number}-{person.email}", unique_id=f"{number}-{person.word}")
    found = {one.unique_id: one.id for one in leads(business)}
    with ThreadPoolExecutor(8) as pool:
        done = [
            pool.submit(*task)
            for number in numbers
            for task in ((convert_one, found[f"{number}-{person.word}"]), (erase, number))
        ]
        for one in done:
            one.result()
    work(business)
    assert left_of(person.word) == set()
