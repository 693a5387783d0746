"""Whom a message does not reach: machines, those who said no, and those answered enough."""

import threading

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from models.business import Business
from models.database import transaction
from models.operations.consent import ANSWERED, Limits
from models.operations.owe import owe
from models.operations.unsubscribe import unsubscribe
from tests.support.smtp_dialogue import CLOSE
from tests.workers.promised import (
    AUTO_REPLY,
    MAIL_FROM,
    OWNER_EMAIL,
    OWNER_SMS,
    Providers,
    claimed,
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


@pytest.mark.parametrize(
    ("reason", "state"), [("unsubscribed", "sent"), ("5.1.1 No such user", "suppressed")]
)
def test_it_tells_an_owner_who_unsubscribed_as_a_visitor(
    providers: Providers, business: Business, reason: str, state: str
) -> None:
    execute(
        "INSERT INTO suppression (business_id, channel, address, reason) VALUES (%s, 'email', %s, %s)",
        business.id,
        business.email,
        reason,
    )
    ids = promised(business, OWNER_EMAIL)
    with capture_logs() as lines:
        run(ids)
    assert [states(one)[0] for one in ids] == [state]
    # What a provider said of somebody is kept in the row, and stands in no log.
    assert "No such user" not in str(lines)


def test_it_learns_that_an_unsubscribed_owner_s_address_is_dead(
    providers: Providers, business: Business
) -> None:
    execute(
        "INSERT INTO suppression (business_id, channel, address, reason) VALUES (%s, 'email', %s, %s)",
        business.id,
        business.email,
        "unsubscribed",
    )
    providers.smtp.script["RCPT"] = ["550 5.1.1 No such user"]
    ids = [promised(business, OWNER_EMAIL)[0] for _ in range(2)]
    for one in ids:
        run([one])
    assert [states(one)[0] for one in ids] == ["failed", "suppressed"]


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


def test_it_counts_a_delayed_answer_from_when_it_left(providers: Providers, business: Business) -> None:
    providers.smtp.script["connect"] = [CLOSE] * 2
    email = somebody()
    [late] = promised(business, AUTO_REPLY, email=email)
    run([late])
    execute("UPDATE delivery SET created_at = created_at - interval '2 days' WHERE job_id = %s", late)
    run([late])
    [asked_meanwhile] = promised(business, AUTO_REPLY, email=email)
    run([asked_meanwhile])
    assert (states(late), states(asked_meanwhile)) == (("deferred", "pending"), ("suppressed", "done"))
    run([late])
    [asked_afterwards] = promised(business, AUTO_REPLY, email=email)
    run([asked_afterwards])
    assert (states(late)[0], delivery(asked_afterwards).reason) == ("sent", "answered_lately")
    assert len(providers.smtp.mails) == 1


def test_it_answers_again_a_day_after_the_last_answer_left(providers: Providers, business: Business) -> None:
    email = somebody()
    ids = [promised(business, AUTO_REPLY, email=email, door=f"form-{n}")[0] for n in range(3)]
    run(ids)
    left = "sent_at = sent_at - interval '25 hours', in_flight_at = in_flight_at - interval '25 hours'"
    execute(f"UPDATE delivery SET {left} WHERE job_id = ANY(%s)", ids)
    [again] = promised(business, AUTO_REPLY, email=email, door="form-0")
    run([again])
    assert states(again) == ("sent", "done")


def test_it_waits_for_no_answer_that_is_dead(providers: Providers, business: Business) -> None:
    email = somebody()
    [dead] = promised(business, AUTO_REPLY, email=email)
    with transaction() as session:
        owe(session, claimed([dead]), Limits(3600, 3), "leads.example.org")
    execute("UPDATE job SET state = 'dead' WHERE id = %s", dead)
    [one] = promised(business, AUTO_REPLY, email=email)
    run([one])
    assert (states(dead), states(one)) == (("owed", "dead"), ("sent", "done"))


def test_it_finds_earlier_answers_by_an_index(session: Session) -> None:
    connection = session.connection()
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = connection.exec_driver_sql(f"EXPLAIN {ANSWERED}", (3600, ["ada@example.org"], ["auto-reply"], [1]))
    plan = "\n".join(row[0] for row in rows)
    assert "ix_delivery_recipient" in plan


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
