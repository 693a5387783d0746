"""What a lead is told of its appointments, and what its calendar does with it."""

from collections.abc import Callable
from datetime import UTC

import pytest

from models.business import Business
from models.database import transaction
from models.operations.consent import Limits
from models.operations.owe import owe
from models.operations.reconcile import reconcile
from models.operations.wording import Wording, set_wording
from tests.appointments.made import changed, day, jobs, lead, made, removed
from tests.appointments.told import calendar, event, file, last_mail, send, times
from tests.conftest import founded
from tests.workers.promised import (
    MAIL_FROM,
    Providers,
    body,
    claimed,
    delivery,
    execute,
    provided,
    read,
    somebody,
    states,
)
from tests.workers.test_notify import HOSTILE, OF_A_NOTICE
from workers.run import run

SUPPRESS = """
    INSERT INTO suppression (business_id, channel, address, reason)
    SELECT business_id, 'email', email, 'unsubscribed' FROM lead WHERE id = %(lead)s
"""
PASS = """
    UPDATE appointment SET starts_at = starts_at - interval '9 days', ends_at = ends_at - interval '9 days'
    WHERE lead_id = %(lead)s
"""
NAMES = {
    *("BEGIN", "VERSION", "PRODID", "METHOD", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE"),
    *("STATUS", "ATTENDEE", "ORGANIZER", "END"),
}


def test_it_works(providers: Providers, business: Business) -> None:
    email = somebody()
    appointment = made(business, lead(business, email=email).slug, day(), note="Bring samples")
    send(appointment)
    mail = last_mail(providers)
    assert (providers.smtp.mails[0].recipients, providers.smtp.mails[0].return_path) == ((email,), MAIL_FROM)
    assert (mail["Reply-To"], mail["Auto-Submitted"]) == (business.email, "auto-generated")
    when = f"{day():%Y-%m-%d} 09:00 UTC"
    assert mail["Subject"] == f"Your appointment with Acme Chairs, {when}"
    assert all(words in body(mail) for words in ("Hello Ada,", when, "Bring samples"))
    found = event(mail)
    assert calendar(mail)["METHOD"] == "REQUEST"
    assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == (appointment.uid, 0, "TENTATIVE")
    assert times(found) == (day().replace(tzinfo=UTC), day(hour=10).replace(tzinfo=UTC))
    assert (found["SUMMARY"], found["DESCRIPTION"]) == ("Appointment with Acme Chairs", "Bring samples")
    assert found["ORGANIZER"] == f"mailto:{business.email}"
    assert (found["ATTENDEE"], found["ATTENDEE"].params["CN"]) == (f"mailto:{email}", "Ada Lovelace")
    assert "LOCATION" not in found


def test_it_tells_each_change_once(providers: Providers, business: Business) -> None:
    appointment = made(business, lead(business, email=somebody()).slug, day())
    for _ in range(2):
        send(appointment)
        changed(business, appointment, starts=day(3), ends=day(3, 10))
        execute(
            "UPDATE job SET state = 'pending', next_at = clock_timestamp() WHERE subject_id = %s"
            " AND kind = 'appointment_confirmation'",
            appointment.id,
        )
    send(appointment)
    assert len(providers.smtp.mails) == 2


def test_it_speaks_of_one_event_all_along(providers: Providers, business: Business) -> None:
    appointment = made(business, lead(business, email=somebody()).slug, day())
    heard = []
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: changed(business, appointment, starts=day(3), ends=day(3, 10)),
        lambda: changed(business, appointment, status="confirmed"),
        lambda: changed(business, appointment, status="cancelled"),
    ]
    for step in steps:
        step()
        send(appointment)
        mail = last_mail(providers)
        found = event(mail)
        heard.append((calendar(mail)["METHOD"], found["UID"], found["SEQUENCE"], found["STATUS"]))
    uid = appointment.uid
    assert heard == [
        ("REQUEST", uid, 0, "TENTATIVE"),
        ("REQUEST", uid, 1, "CONFIRMED"),
        ("REQUEST", uid, 2, "CONFIRMED"),
        ("CANCEL", uid, 3, "CANCELLED"),
    ]
    subjects = [mail.content.split(b"Subject: ")[1].split(b":")[0] for mail in providers.smtp.mails[1:]]
    assert subjects == [b"Changed", b"Confirmed", b"Cancelled"]


def test_it_passes_over_what_has_changed_since(providers: Providers, business: Business) -> None:
    appointment = made(business, lead(business, email=somebody()).slug, day())
    changed(business, appointment, starts=day(hour=8))
    first, second = jobs(appointment)
    run([second.id, first.id])
    assert (states(first.id), delivery(first.id).reason) == (("suppressed", "done"), "changed_since")
    assert states(second.id) == ("sent", "done")
    assert delivery(second.id).cause == f"appointment:{appointment.uid}:1"
    assert len(providers.smtp.mails) == 1


def test_it_does_not_call_off_what_the_lead_never_heard_of(providers: Providers, business: Business) -> None:
    appointment = made(business, lead(business, email=somebody()).slug, day())
    removed(business, appointment)
    send(appointment)
    assert [delivery(job.id).reason for job in jobs(appointment)] == ["changed_since", "never_told"]
    assert providers.smtp.mails == []


def test_it_calls_off_what_may_have_been_told(providers: Providers, business: Business) -> None:
    appointment = made(business, lead(business, email=somebody()).slug, day())
    [first] = jobs(appointment)
    with transaction() as session:
        owe(session, claimed([first.id]), Limits(0, 0), "example.org")
    removed(business, appointment)
    run([jobs(appointment)[1].id])
    assert calendar(last_mail(providers))["METHOD"] == "CANCEL"


def test_it_calls_off_with_one_lead_and_invites_another(providers: Providers, business: Business) -> None:
    emails = [somebody(), somebody()]
    ada, grace = (lead(business, email=email) for email in emails)
    appointment = made(business, ada.slug, day())
    send(appointment)
    after = changed(business, appointment, slug=grace.slug)
    with transaction() as session:
        owed = session.connection().exec_driver_sql(
            "SELECT id FROM job WHERE business_id = %s AND state = 'pending'", (business.id,)
        )
        run(list(owed.scalars()))
    told = {mail.recipients[0]: mail for mail in providers.smtp.mails[1:]}
    assert told.keys() == set(emails)
    first, second = (event(read(told[email])) for email in emails)
    assert (first["UID"], first["STATUS"], first["SEQUENCE"]) == (appointment.uid, "CANCELLED", 1)
    assert (second["UID"], second["STATUS"]) == (after.uid, "TENTATIVE")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE lead SET email = '' WHERE id = %(lead)s", "no_address"),
        ("UPDATE lead SET do_not_contact = true WHERE id = %(lead)s", "do_not_contact"),
        (SUPPRESS, "unsubscribed"),
        ("UPDATE business SET appointment_mails = false WHERE id = %(business)s", "mails_off"),
        ("UPDATE appointment SET status = 'fulfilled' WHERE lead_id = %(lead)s", "over"),
        (PASS, "over"),
    ],
)
def test_it_says_why_it_does_not_write(
    providers: Providers, business: Business, statement: str, reason: str
) -> None:
    ada = lead(business, email=somebody())
    appointment = made(business, ada.slug, day())
    with transaction() as session:
        session.connection().exec_driver_sql(statement, {"lead": ada.id, "business": business.id})
    send(appointment)
    [job] = jobs(appointment)
    assert (states(job.id), delivery(job.id).reason) == (("suppressed", "done"), reason)
    assert providers.smtp.mails == []


@pytest.mark.parametrize("hostile", [*HOSTILE, "x\r\nBEGIN:VALARM\r\nATTENDEE:mailto:e@x.example", '";X=1:'])
def test_it_lets_nobody_write_into_the_calendar(
    providers: Providers, business: Business, hostile: str
) -> None:
    email = somebody()
    ada = lead(business, email=email, first_name=hostile, last_name=hostile)
    execute("UPDATE business SET name = %s WHERE id = %s", hostile.replace("\0", ""), business.id)
    appointment = made(business, ada.slug, day(), note=hostile[:200])
    send(appointment)
    mail = last_mail(providers)
    assert providers.smtp.mails[0].recipients == (email,)
    assert mail.keys() == OF_A_NOTICE
    lines = file(mail).decode().replace("\r\n ", "").splitlines()
    found = event(mail)
    names = [line.split(":")[0].split(";")[0] for line in lines if line]
    assert sorted(set(names) - {"DESCRIPTION"}) == sorted(NAMES)
    assert len(names) == len(NAMES) + len({"BEGIN", "END"}) + ("DESCRIPTION" in found)
    assert (found["ATTENDEE"], set(found["ATTENDEE"].params)) == (
        f"mailto:{email}",
        {"CN", "ROLE", "PARTSTAT", "RSVP"},
    )
    assert (found.subcomponents, "49" in str(found["SUMMARY"])) == ([], False)


def test_it_uses_the_business_s_own_words(providers: Providers, business: Business) -> None:
    own = "{{ lead.first_name }}, {{ appointment.starts_at }}, {{ appointment.status }}"
    with transaction() as session:
        wording = Wording(name="appointment-confirmation", part="subject", source=own)
        set_wording(session, session.merge(business), wording)
    send(made(business, lead(business, email=somebody()).slug, day()))
    assert last_mail(providers)["Subject"] == f"Ada, {day():%Y-%m-%d} 09:00 UTC, pending"


def test_it_leaves_the_books_in_order(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    business = founded()
    appointment = made(business, lead(business, email=somebody()).slug, day(), remind_hours=1)
    made(business, lead(business).slug, day(3))
    with provided(monkeypatch):
        run([jobs(appointment)[0].id])
    with transaction() as session:
        books = reconcile(session)
    assert (books.agrees, books.jobs) == (True, {"done": 1, "pending": 2})
    execute("DELETE FROM delivery_attempt")
    execute("DELETE FROM delivery")
    with transaction() as session:
        missing = reconcile(session).missing
    assert missing["finished messages without a delivery in a final state"] == 1
