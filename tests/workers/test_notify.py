"""One message to one recipient, sent once and worded right, with real providers on the loopback."""

import threading

import pytest
from sqlmodel import select

from models.business import Business
from models.database import transaction
from models.delivery import Delivery, DeliveryState
from models.job import JobState
from models.operations.owner_channels import add_channel
from models.operations.wording import Wording, set_wording
from tests.support.hook import hook
from tests.workers.promised import (
    AUTO_REPLY,
    MAIL_FROM,
    OWNER_EMAIL,
    OWNER_SMS,
    Providers,
    body,
    delivery,
    execute,
    job,
    outcomes,
    promised,
    read,
    somebody,
    states,
)
from workers.run import run


def test_it_works(providers: Providers, business: Business) -> None:
    email = somebody()
    ids = promised(business, AUTO_REPLY, OWNER_EMAIL, OWNER_SMS, email=email)
    run(ids)
    assert [states(one) for one in ids] == [("sent", "done")] * 3
    assert {mail.recipients[0] for mail in providers.smtp.mails} == {email, business.email}
    assert {mail.recipients[0]: mail.return_path for mail in providers.smtp.mails} == {
        email: "",
        business.email: MAIL_FROM,
    }
    assert (len(providers.sms.asked), providers.sms.asked[0].form["To"]) == (1, business.phone)
    assert [outcomes(one) for one in ids] == [["sent"]] * 3
    assert delivery(ids[2]).provider_id.startswith("SM")
    assert providers.smtp.connections == 1


def test_it_sends_nothing_twice(providers: Providers, business: Business) -> None:
    ids = promised(business, AUTO_REPLY, OWNER_EMAIL, OWNER_SMS)
    threads = [threading.Thread(target=run, args=(ids,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(ids)
    assert (len(providers.smtp.mails), len(providers.sms.asked)) == (2, 1)
    assert [delivery(one).copies for one in ids] == [1, 1, 1]


def test_it_uses_the_business_s_own_words(providers: Providers, business: Business) -> None:
    own = Wording(name="auto-reply", part="subject", source="Ahoy {{ lead.first_name }}")
    with transaction() as session:
        set_wording(session, business, own)
    run(promised(business, AUTO_REPLY))
    assert read(providers.smtp.mails[0])["Subject"] == "Ahoy Ada"


@pytest.mark.parametrize(
    "broken", ["{{ nothing.here }}", "{% set x = 1 %}", "{{ 'a' * 10**9 }}", "{{ 1/0 }}"]
)
def test_it_sends_our_words_where_the_business_s_are_broken(
    providers: Providers, business: Business, broken: str
) -> None:
    for part in ("subject", "text", "html"):
        with transaction() as session:
            set_wording(session, business, Wording(name="auto-reply", part=part, source=broken))
    [one] = promised(business, AUTO_REPLY)
    run([one])
    assert states(one) == ("sent", "done")
    assert read(providers.smtp.mails[0])["Subject"] == "We have your message: A chair"


def test_it_tells_the_owner_of_a_repeat(providers: Providers, business: Business) -> None:
    email = somebody()
    first, second, third = (promised(business, OWNER_EMAIL, email=email)[0] for _ in range(3))
    execute(
        "UPDATE enquiry SET created_at = created_at - interval '12 days' WHERE id IN"
        " (SELECT subject_id FROM job WHERE id = ANY(%s))",
        [first, second],
    )
    run([first, third])
    repeat, new = sorted(
        providers.smtp.mails, key=lambda mail: "This is the" in body(read(mail)), reverse=True
    )
    assert "This is the third enquiry from this person, last 12 days ago." in body(read(repeat))
    assert "This is the" not in body(read(new))
    assert read(repeat)["Subject"].startswith("New enquiry (again)")


@pytest.mark.parametrize(
    ("last", "now", "said"),
    [
        ("2026-03-01 23:00", "2026-03-02 01:00", "yesterday"),
        ("2026-03-01 00:30", "2026-03-02 23:30", "yesterday"),
        ("2026-03-02 00:30", "2026-03-02 23:30", "today"),
        ("2026-03-28 12:00", "2026-03-30 11:00", "2 days ago"),
    ],
)
def test_it_counts_days_by_the_business_s_own_clock(
    providers: Providers, business: Business, last: str, now: str, said: str
) -> None:
    execute("UPDATE business SET timezone = 'Europe/Berlin' WHERE id = %s", business.id)
    email = somebody()
    ids = [promised(business, OWNER_EMAIL, email=email)[0] for _ in range(2)]
    for one, at in zip(ids, (last, now), strict=True):
        execute(
            "UPDATE enquiry SET created_at = %s::timestamp AT TIME ZONE 'Europe/Berlin'"
            " WHERE id = (SELECT subject_id FROM job WHERE id = %s)",
            at,
            one,
        )
    run(ids[1:])
    assert f"second enquiry from this person, last {said}." in body(read(providers.smtp.mails[0]))


HOSTILE = [
    "=?utf-8?q?a=0ABcc=3A_e=40x.example?=",
    "a\r\nBcc: e@x.example",
    "a\nBcc: e@x.example",
    "a\x0bBcc: e@x.example\x0cX: y\x85Z: w\u2028V: u",
    'Evil" <e@x.example>, "B',
    "a@x.example, e@x.example; b@x.example",
    "x" * 5000,
    "Grüße \u202egnp.exe \ufeff",
    "\r\n.\r\nMAIL FROM:<e@x.example>\r\nRCPT TO:<e@x.example>",
    "\n.\n",
    "{{ 7*7 }}{% raw %}<script>alert(1)</script>",
]
OF_A_NOTICE = [
    *("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "MIME-Version", "Content-Type"),
]
OF_A_REPLY = [*OF_A_NOTICE[:8], "List-Unsubscribe", "List-Unsubscribe-Post", *OF_A_NOTICE[8:]]


@pytest.mark.parametrize("text", HOSTILE)
def test_it_lets_no_lead_write_a_header(providers: Providers, business: Business, text: str) -> None:
    email = somebody()
    everywhere = {
        **dict.fromkeys(("title", "first_name", "last_name", "address", "source", "system_message"), text),
        "request_data": {text: text, "Message": text},
    }
    ids = promised(business, AUTO_REPLY, OWNER_EMAIL, OWNER_SMS, email=email, **everywhere)
    run(ids)
    assert [states(one) for one in ids] == [("sent", "done")] * 3
    mails = {mail.recipients: mail for mail in providers.smtp.mails}
    assert set(mails) == {(email,), (business.email,)}
    assert read(mails[email,]).keys() == OF_A_REPLY
    assert read(mails[business.email,]).keys() == OF_A_NOTICE
    envelopes = [command for command in providers.smtp.commands if command.startswith(("MAIL", "RCPT"))]
    assert len(envelopes) == 4
    for mail in mails.values():
        assert max(len(line) for line in mail.content.split(b"\r\n")) <= 998
        assert b"\n" not in mail.content.replace(b"\r\n", b"")
    assert "49" not in read(mails[email,])["Subject"]
    assert set(providers.sms.asked[0].form) == {"To", "From", "Body"}


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # one of Apprise's imports
def test_it_tells_further_channels(providers: Providers, business: Business) -> None:
    with hook() as (url, taken):
        with transaction() as session:
            channel = add_channel(session, business, url)
        ids = promised(business, OWNER_EMAIL, owner_channels=(channel.id,))
        run(ids)
        run(ids)
    assert [states(one) for one in ids] == [("sent", "done")] * 2
    assert [one["title"] for one in taken] == ["New enquiry from Ada"]
    assert "A chair" in str(taken[0]["message"])
    with transaction() as session:
        rows = session.exec(select(Delivery).where(Delivery.channel == "apprise")).all()
    # The URL is a secret, and the ledger is read by many.
    assert [row.recipient for row in rows if row.business_id == business.id] == [f"channel:{channel.id}"]


def test_it_cancels_what_has_no_subject_any_more(providers: Providers, business: Business) -> None:
    [one] = promised(business, OWNER_EMAIL)
    execute("UPDATE job SET subject_id = 0 WHERE id = %s", one)
    run([one])
    assert job(one).state == JobState.CANCELLED


def test_it_knows_what_was_sent_when_a_job_comes_back(providers: Providers, business: Business) -> None:
    [one] = promised(business, OWNER_EMAIL)
    run([one])
    execute("UPDATE job SET state = 'pending', next_at = clock_timestamp() WHERE id = %s", one)
    run([one])
    assert (states(one), len(providers.smtp.mails)) == ((DeliveryState.SENT, JobState.DONE), 1)
