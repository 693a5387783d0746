"""A delivery that comes again after days is acknowledged, and has no second effect (reliability.md P18)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.business import Business
from models.database import transact
from models.enquiry import Enquiry
from models.lead import Lead
from models.operations.forms import MakeForm, make_form
from models.receipt import Receipt
from tests.forms.posts import FILLED
from tests.hooks.conftest import PUBLIC, Partners
from tests.hooks.senders import SENDERS, THIN, TYPEFORM, Sender
from tests.intake.leadgen import rows
from tests.support.command import answer
from tests.support.later import pass_days

# How long senders go on trying, and how long ids must be known at the least.
DAYS = (7, 8)
# A sender without ids is known by its bytes, for a minute.
KNOWN = {name: one for name, one in {**SENDERS, **THIN}.items() if name not in ("json", "zapier")}

Later = Callable[[int], None]


@pytest.fixture
def later(business: Business, monkeypatch: pytest.MonkeyPatch) -> Later:
    return lambda days: pass_days(business, days, monkeypatch)


def clear_out(business: Business) -> None:
    """Run what ends the keeping of anything, on something that it does end the keeping of as well."""
    answer("form", "purge")
    kept = [one for one in rows(Receipt, business) if one.door.startswith("form:")]
    assert [(one.verdict, one.body) for one in kept] == [("created", b"")]


@pytest.fixture
def old_post(partner: Partners, business: Business) -> None:
    """Something that came by a form which keeps it for a day."""
    assert business.id is not None
    command = MakeForm(business_id=business.id, settings={"name": "Contact us", "retention_days": 1})
    client = partner(SENDERS["json"], name="none").client
    client.post(f"/f/{transact(make_form, command).key}", data=FILLED)


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("sender", KNOWN.values(), ids=KNOWN)
@pytest.mark.usefixtures("old_post")
def test_it_works(partner: Partners, business: Business, later: Later, sender: Sender, days: int) -> None:
    source = partner(sender)
    as_it_was = sender.headers(url=f"{PUBLIC}{source.path}")
    assert source.client.post(source.path, content=sender.body, headers=as_it_was).status_code == 200
    verdicts, people, enquiries = source.work(), rows(Lead, business), rows(Enquiry, business)
    later(days)
    for _ in range(2):
        # A sender that tries again signs again; who caught the request can only send it as it was.
        again = source.client.post(source.path, content=sender.body, headers=as_it_was)
        assert (source.post().status_code, again.status_code) == (200, 401 if sender.is_timed else 200)
        assert (source.jobs(), source.work()) == ([], verdicts)
        assert (len(rows(Lead, business)), len(rows(Enquiry, business))) == (len(people), len(enquiries))
        clear_out(business)


@pytest.mark.parametrize("name", ["standard-webhooks", "typeform"])
def test_it_takes_a_hundred_at_once_for_the_one_of_last_week(
    partner: Partners, business: Business, later: Later, name: str
) -> None:
    source = partner(SENDERS[name])
    source.post()
    source.work()
    later(7)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: source.post().status_code, range(100)))
    assert answers == [200] * 100
    assert (source.work(), len(rows(Enquiry, business))) == (["created"], 1)


def test_it_knows_a_delivery_in_which_tries_are_counted(
    partner: Partners, business: Business, later: Later
) -> None:
    source = partner(SENDERS["typeform"])
    source.post()
    source.work()
    later(7)
    assert source.send({**TYPEFORM, "event_id": "02H"}).status_code == 200
    assert source.work() == ["created", "refused"]
    assert len(rows(Enquiry, business)) == 1


def test_it_knows_an_item_that_comes_in_another_batch(
    partner: Partners, business: Business, later: Later
) -> None:
    source = partner(SENDERS["zapier"], mapping={"item_id": "id"})
    ada, bob, cy = ({"id": name, "email": f"{name}@example.org"} for name in ("ada", "bob", "cy"))
    source.send([ada, bob])
    source.work()
    later(7)
    source.send([bob, cy])
    source.work()
    assert [lead.email for lead in rows(Lead, business)] == [f"{n}@example.org" for n in ("ada", "bob", "cy")]
    assert len(rows(Enquiry, business)) == 3


def test_it_refuses_what_is_stamped_with_last_weeks_time_before_it_looks_at_it(
    partner: Partners, later: Later
) -> None:
    source = partner(SENDERS["standard-webhooks"])
    never_sent = source.sender.headers()
    later(7)
    assert source.client.post(source.path, content=source.sender.body, headers=never_sent).status_code == 401
    assert source.receipts() == []
