"""What happens to a message that a provider put off, refused, or never answered for."""

from sqlmodel import select

from models.business import Business
from models.database import engine, transaction
from models.delivery import Suppression
from models.operations.consent import Limits
from models.operations.owe import owe
from models.operations.settle import intend
from tests.support.sms_server import Answer
from tests.support.smtp_dialogue import CLOSE
from tests.workers.promised import (
    AUTO_REPLY,
    OWNER_EMAIL,
    OWNER_SMS,
    Providers,
    claimed,
    delivery,
    end_lease,
    job,
    outcomes,
    promised,
    read,
    somebody,
    states,
)
from workers.run import run


def left_in_flight(job_id: int) -> None:
    """As if the worker had died between its intent and the provider's answer."""
    held = claimed([job_id])[0]
    with transaction() as session:
        owed = owe(session, [held], Limits(3600, 3), "leads.example.org")[0]
    with engine().begin() as connection:
        intend(connection, owed.delivery_id, held.claim)
    end_lease(job_id)


def test_it_tries_again_later_what_a_provider_put_off(providers: Providers, business: Business) -> None:
    providers.set(RETRY_FIRST_SECONDS="3600")
    providers.smtp.script["RCPT"] = ["451 4.7.1 Greylisted"]
    [one] = promised(business, OWNER_EMAIL)
    run([one])
    run([one])
    assert states(one) == ("deferred", "pending")
    assert (delivery(one).reason, job(one).attempts) == ("4.7.1 Greylisted", 1)
    end_lease(one)
    run([one])
    assert (states(one), outcomes(one)) == (("sent", "done"), ["deferred", "sent"])


def test_it_tries_again_while_a_server_is_away(providers: Providers, business: Business) -> None:
    providers.smtp.script["connect"] = [CLOSE]
    ids = [promised(business, OWNER_EMAIL)[0] for _ in range(3)]
    run(ids)
    assert [states(one) for one in ids] == [("deferred", "pending")] * 3
    assert providers.smtp.connections == 1
    run(ids)
    assert [states(one) for one in ids] == [("sent", "done")] * 3


def test_it_gives_up_after_the_last_try(providers: Providers, business: Business) -> None:
    providers.set(MAX_ATTEMPTS="2")
    providers.smtp.script["RCPT"] = "451 4.3.0 Later"
    [one] = promised(business, OWNER_EMAIL)
    run([one])
    run([one])
    assert states(one) == ("failed", "dead")


def test_it_never_writes_again_to_an_address_that_is_dead(providers: Providers, business: Business) -> None:
    providers.smtp.script["RCPT"] = ["550 5.1.1 No such user"]
    email = somebody()
    [first] = promised(business, AUTO_REPLY, email=email, door="one")
    run([first])
    assert states(first) == ("failed", "dead")
    [second] = promised(business, AUTO_REPLY, email=email, door="two")
    run([second])
    assert (states(second), providers.smtp.mails) == (("suppressed", "done"), [])
    with transaction() as session:
        kept = session.exec(select(Suppression).where(Suppression.address == email)).one()
    assert (kept.business_id, kept.channel) == (business.id, "email")


def test_it_blames_no_address_for_a_refused_content(providers: Providers, business: Business) -> None:
    providers.smtp.script["dot"] = ["554 5.7.1 Spam"]
    email = somebody()
    [first] = promised(business, AUTO_REPLY, email=email, door="one")
    run([first])
    [second] = promised(business, AUTO_REPLY, email=email, door="two")
    run([second])
    assert (states(first), states(second)) == (("failed", "dead"), ("sent", "done"))


def test_it_sends_a_mail_of_unknown_outcome_once_more(providers: Providers, business: Business) -> None:
    providers.smtp.script["dot"] = CLOSE
    [one] = promised(business, AUTO_REPLY)
    run([one])
    assert states(one) == ("unknown", "pending")
    run([one])
    assert states(one) == ("unknown", "dead")
    run([one])
    ids = {read(mail)["Message-ID"] for mail in providers.smtp.mails}
    assert (len(providers.smtp.mails), ids) == (2, {delivery(one).message_id})


def test_it_waits_before_it_sends_once_more(providers: Providers, business: Business) -> None:
    providers.set(UNKNOWN_WAIT_SECONDS="3600")
    providers.smtp.script["dot"] = [CLOSE]
    [one] = promised(business, AUTO_REPLY)
    run([one])
    run([one])
    assert len(providers.smtp.mails) == 1


def test_it_sends_once_more_the_mail_of_a_lost_worker(providers: Providers, business: Business) -> None:
    [one] = promised(business, OWNER_EMAIL)
    left_in_flight(one)
    run([one])
    assert (states(one), providers.smtp.mails) == (("unknown", "pending"), [])
    run([one])
    assert (states(one), delivery(one).copies) == (("sent", "done"), 2)
    assert read(providers.smtp.mails[0])["Message-ID"] == delivery(one).message_id


def test_it_never_repeats_a_text_of_unknown_outcome(providers: Providers, business: Business) -> None:
    providers.sms.script = ["close"]
    [asked, lost] = promised(business, OWNER_SMS) + promised(business, OWNER_SMS)
    left_in_flight(lost)
    for _ in range(3):
        run([asked, lost])
    assert [states(one) for one in (asked, lost)] == [("unknown", "dead")] * 2
    assert len(providers.sms.asked) == 1


def test_it_asks_a_busy_text_provider_again_when_told(providers: Providers, business: Business) -> None:
    providers.sms.script = [Answer(429, {"code": 20429, "message": "Slow down"}, {"Retry-After": "600"})]
    [one] = promised(business, OWNER_SMS)
    run([one])
    assert states(one) == ("deferred", "pending")
    assert (job(one).next_at - job(one).created_at).total_seconds() > 590


def test_it_waits_for_a_provider_to_be_set_up(providers: Providers, business: Business) -> None:
    providers.set(SMTP_URL="", SMS_URL="")
    ids = promised(business, OWNER_EMAIL, OWNER_SMS)
    run(ids)
    assert [states(one) for one in ids] == [("deferred", "pending")] * 2
    assert {delivery(one).reason for one in ids} == {"SMTP_URL is not set", "SMS_URL is not set"}
