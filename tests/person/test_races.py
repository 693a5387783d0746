"""Posts of somebody who is being erased are taken in before it or after it, and never half."""

from concurrent.futures import ThreadPoolExecutor

from models.business import Business
from models.database import transact
from models.job import JobKind
from models.operations.person.erase import ErasePerson, erase_person
from tests.forms.posts import enquiries, leads
from tests.person.life import work
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
