"""One message to one recipient: sent once, or the reason why not, with real providers on the loopback."""

import json
import threading
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlmodel import select

from models.business import Business
from models.database import engine, transaction
from models.delivery import Delivery, DeliveryState, Suppression
from models.job import JobKind, JobState
from models.operations.consent import Limits
from models.operations.owe import owe
from models.operations.owner_channels import add_channel
from models.operations.settle import intend
from models.operations.unsubscribe import unsubscribe
from models.operations.wording import Wording, set_wording
from tests.support.sms_server import Answer
from tests.support.smtp_server import CLOSE, Received
from tests.workers.promised import (
    MAIL_FROM,
    Providers,
    claimed,
    delivery,
    end_lease,
    execute,
    job,
    outcomes,
    promised,
    provided,
    somebody,
)
from workers.run import run

AUTO_REPLY, OWNER_EMAIL, OWNER_SMS = JobKind.AUTO_REPLY, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS


@pytest.fixture
def providers(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Providers]:
    with provided(monkeypatch) as providers:
        yield providers


def read(mail: Received) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(mail.content)


def body(mail: Received) -> str:
    part = read(mail).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def states(job_id: int) -> tuple[str, str]:
    return delivery(job_id).state, job(job_id).state


def left_in_flight(job_id: int) -> None:
    """As if the worker had died between its intent and the provider's answer."""
    held = claimed([job_id])[0]
    with transaction() as session:
        owed = owe(session, [held], Limits(3600, 3), "leads.example.org")[0]
    with engine().begin() as connection:
        intend(connection, owed.delivery_id, held.claim)
    end_lease(job_id)


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
    repeat, new = sorted(providers.smtp.mails, key=lambda mail: "This is the" in body(mail), reverse=True)
    assert "This is the third enquiry from this person, last 12 days ago." in body(repeat)
    assert "This is the" not in body(new)
    assert read(repeat)["Subject"].startswith("New enquiry (again)")


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


class _Hook(BaseHTTPRequestHandler):
    bodies: list[dict[str, object]]
    status = 200

    def do_POST(self) -> None:
        self.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # one of Apprise's imports
def test_it_tells_further_channels(providers: Providers, business: Business) -> None:
    taken: list[dict[str, object]] = []
    handler = type("Hook", (_Hook,), {"bodies": taken})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = f"json://user:hook-secret@127.0.0.1:{server.server_address[1]}/hook"
        with transaction() as session:
            channel = add_channel(session, session.merge(business), url)
        ids = promised(business, OWNER_EMAIL, owner_channels=(channel.id or 0,))
        run(ids)
        run(ids)
        server.shutdown()
        thread.join()
    assert [states(one) for one in ids] == [("sent", "done")] * 2
    assert [hook["title"] for hook in taken] == ["New enquiry from Ada"]
    assert "A chair" in str(taken[0]["message"])
    with transaction() as session:
        rows = session.exec(select(Delivery).where(Delivery.channel == "apprise")).all()
    # The URL is a secret, and the ledger is read by many.
    assert [row.recipient for row in rows if row.business_id == business.id] == [f"channel:{channel.id}"]


def test_it_waits_for_a_provider_to_be_set_up(providers: Providers, business: Business) -> None:
    providers.set(SMTP_URL="", SMS_URL="")
    ids = promised(business, OWNER_EMAIL, OWNER_SMS)
    run(ids)
    assert [states(one) for one in ids] == [("deferred", "pending")] * 2
    assert {delivery(one).reason for one in ids} == {"SMTP_URL is not set", "SMS_URL is not set"}


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
