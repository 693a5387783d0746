"""Whom a message does not reach: machines, those who said no, and those answered enough."""

import threading

import pytest

from models.business import Business
from models.database import transaction
from models.operations.unsubscribe import unsubscribe
from tests.workers.promised import (
    AUTO_REPLY,
    MAIL_FROM,
    OWNER_SMS,
    Providers,
    delivery,
    execute,
    promised,
    somebody,
    states,
)
from workers.run import run


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        (MAIL_FROM, "own address"),
        ("postmaster@example.org", "role address"),
        ("bounce+x@example.org", "bounce address"),
        ("no-reply@example.org", "no-reply address"),
        ("chairs-request@example.org", "list address"),
        ("", "no_address"),
    ],
)
def test_it_answers_no_machine(providers: Providers, business: Business, email: str, reason: str) -> None:
    [one] = promised(business, AUTO_REPLY, email=email, unique_id="crm-1", door=business.uid)
    run([one])
    assert (states(one), delivery(one).reason) == (("suppressed", "done"), reason)
    assert providers.smtp.mails == []


def test_it_does_not_answer_the_owner(providers: Providers, business: Business) -> None:
    [one] = promised(business, AUTO_REPLY, email=business.email)
    run([one])
    assert delivery(one).reason == "own address"


def test_it_says_so_when_the_owner_has_no_phone(providers: Providers, business: Business) -> None:
    execute("UPDATE business SET phone = '' WHERE id = %s", business.id)
    [one] = promised(business, OWNER_SMS)
    run([one])
    assert (states(one), delivery(one).reason) == (("suppressed", "done"), "no_address")
    assert providers.sms.asked == []


def test_it_asks_for_consent_when_it_sends(providers: Providers, business: Business) -> None:
    email = somebody()
    [one] = promised(business, AUTO_REPLY, email=email)
    execute("UPDATE lead SET do_not_contact = true WHERE email = %s", email)
    run([one])
    assert (states(one), delivery(one).reason) == (("suppressed", "done"), "do_not_contact")


def test_it_hears_an_unsubscribe_that_came_after_the_promise(
    providers: Providers, business: Business
) -> None:
    email = somebody()
    [first] = promised(business, AUTO_REPLY, email=email, door="one")
    [second] = promised(business, AUTO_REPLY, email=email, door="two")
    run([first])
    token = delivery(first).unsubscribe_token
    assert token is not None
    with transaction() as session:
        unsubscribe(session, token)
    run([second])
    assert (states(second), delivery(second).reason) == (("suppressed", "done"), "unsubscribed")
    assert len(providers.smtp.mails) == 1


def test_it_answers_a_recipient_once_a_form(providers: Providers, business: Business) -> None:
    email = somebody()
    ids = [promised(business, AUTO_REPLY, email=email)[0] for _ in range(3)]
    run(ids)
    run([promised(business, AUTO_REPLY, email=email)[0]])
    assert [delivery(one).reason for one in ids] == ["", "answered_lately", "answered_lately"]
    assert len(providers.smtp.mails) == 1


def test_it_answers_a_recipient_three_times_a_day_in_all(providers: Providers, business: Business) -> None:
    email = somebody()
    ids = [promised(business, AUTO_REPLY, email=email, door=f"form-{n}")[0] for n in range(5)]
    for one in ids:
        run([one])
    assert [delivery(one).reason for one in ids] == ["", "", "", *["answered_often_today"] * 2]
    assert len(providers.smtp.mails) == 3


def test_it_answers_once_though_many_workers_ask_at_once(providers: Providers, business: Business) -> None:
    email = somebody()
    ids = [promised(business, AUTO_REPLY, email=email)[0] for _ in range(8)]
    barrier = threading.Barrier(4)

    def work(mine: list[int]) -> None:
        barrier.wait()
        for one in mine:
            run([one])

    threads = [threading.Thread(target=work, args=(ids[number::4],)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(providers.smtp.mails) == 1
    assert sorted(states(one)[0] for one in ids) == ["sent", *["suppressed"] * 7]
