"""What came in and made no lead is told to the owner, once a day for each source and form."""

import psycopg
import pytest
from sqlmodel import col, select

from models.business import Business
from models.database import transact, transaction
from models.form import Form
from models.identifiers import new_uid
from models.job import Job, JobKind
from models.operations.capture import capture_lead
from models.operations.commands import Arrival, Keep
from models.operations.forms import MakeForm, make_form
from models.operations.measure import measure
from models.operations.owner_channels import add_channel
from models.operations.subscriptions import Subscribe, subscribe
from models.operations.waiting import NOTICES, look_for_failures, look_into_quarantine
from models.receipt import Verdict
from models.settings import settings
from models.subscription import Event
from tests.hooks.conftest import Partner, Partners, client, partner
from tests.hooks.senders import SENDERS
from tests.workers.promised import Providers, body, execute, read, states
from workers.relay import Relay
from workers.run import run

__all__ = ["client", "partner"]

NOBODY = "email, phone, unique_id: none was found, so nobody could be reached"


def look() -> None:
    with psycopg.connect(settings().psycopg_url) as connection:
        look_for_failures(connection)
        look_into_quarantine(connection)


def alerts(business: Business, kind: JobKind = JobKind.WEBHOOK_FAILED) -> list[Job]:
    with transaction() as session:
        jobs = select(Job).where(Job.kind == kind, Job.business_id == business.id)
        return list(session.exec(jobs.order_by(col(Job.id))).all())


def failed(source: Partner, number: int) -> None:
    """The sender leaves out what its leads were known by."""
    source.send({"name": f"Ada {number}"})
    assert source.work()[-1] == "failed"


def passed(business: Business, hours: int) -> None:
    """Let all that happened have happened so much earlier."""
    for table, column in (("job", "created_at"), ("receipt", "received_at"), ("receipt", "decided_at")):
        execute(
            f"UPDATE {table} SET {column} = {column} - interval '{hours} hours' WHERE business_id = %s",
            business.id,
        )


def test_it_works(partner: Partners, business: Business, providers: Providers) -> None:
    source = partner(SENDERS["json"], name="Fair")
    look()
    assert alerts(business) == []
    failed(source, 1)
    failed(source, 2)
    look()
    look()
    [alert] = alerts(business)
    run([alert.id])
    [mail] = providers.smtp.mails
    assert (mail.recipients, states(alert.id)) == ((business.email,), ("sent", "done"))
    assert read(mail)["Subject"] == "Fair: what a partner sent made no lead"
    told = body(read(mail))
    assert f"could not be turned into a lead: {NOBODY}." in told
    assert "2 in all wait there now" in told
    assert "Ada" not in told
    assert f"intake source replay {source.receipts()[0].door.removeprefix('hook:')} --since 30d" in told


def test_it_tells_by_each_further_channel_too(partner: Partners, business: Business) -> None:
    with transaction() as session:
        channel = add_channel(session, business, "json://127.0.0.1:1/").id
    failed(partner(SENDERS["json"]), 1)
    look()
    assert {alert.target_id for alert in alerts(business)} == {None, channel}


def test_it_tells_of_each_source_once_a_day(partner: Partners, business: Business) -> None:
    one, other = partner(SENDERS["json"], name="One"), partner(SENDERS["json"], name="Other")
    failed(one, 1)
    look()
    failed(one, 2)
    failed(other, 3)
    look()
    assert len(alerts(business)) == 2
    passed(business, 25)
    look()
    # The second of the first source is news the next day; what was told of is not.
    assert len(alerts(business)) == 3
    passed(business, 25)
    look()
    assert len(alerts(business)) == 3


def test_what_was_mended_is_no_news(partner: Partners, business: Business) -> None:
    failed(partner(SENDERS["json"]), 1)
    execute("UPDATE receipt SET verdict = 'created' WHERE business_id = %s", business.id)
    look()
    assert alerts(business) == []


def test_what_failed_long_ago_is_no_news(partner: Partners, business: Business) -> None:
    failed(partner(SENDERS["json"]), 1)
    passed(business, 24 * 8)
    look()
    assert alerts(business) == []


def test_subscribers_hear_of_each(partner: Partners, business: Business) -> None:
    wanted = Subscribe(business_id=business.id, url="https://example.org/", events=("receipt.failed",))
    with transaction() as session:
        subscribe(session, wanted)
    source = partner(SENDERS["json"])
    failed(source, 1)
    # Of a batch each item has a receipt, and so an event, of its own.
    source.send([{"name": "Ada"}, {"email": "ada@example.org"}, {"name": "Grace"}])
    source.work()
    with transaction() as session:
        events = select(Event).where(Event.business_id == business.id).order_by(col(Event.id))
        told = [(one.type, one.subject_id) for one in session.exec(events)]
    ids = [receipt.id for receipt in source.receipts() if receipt.verdict == "failed"]
    assert len(ids) == 3
    assert told == [("receipt.failed", number) for number in ids]


def test_the_verdict_names_it(partner: Partners, business: Business) -> None:
    failed(partner(SENDERS["json"]), 1)
    with transaction() as session:
        verdict = measure(session, business.id).verdict
    assert (
        verdict == "1 thing that partners sent made no lead; `intake source replay SOURCE --dry-run` says why"
    )


@pytest.mark.parametrize(
    ("verdict", "index"),
    [
        (Verdict.FAILED, "ix_receipt_open"),
        (Verdict.FAILED, "ix_job_webhook_failed"),
        (Verdict.QUARANTINED, "ix_receipt_open"),
        (Verdict.QUARANTINED, "ix_job_quarantined"),
    ],
)
def test_it_reads_indexes_and_no_table(business: Business, verdict: Verdict, index: str) -> None:
    with psycopg.connect(settings().psycopg_url) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {NOTICES[verdict]}".encode()))
    assert index in plan
    assert "Seq Scan on job" not in plan
    assert "Seq Scan on receipt" not in plan


def set_aside(business: Business, form: Form) -> None:
    arrival = Arrival(
        uid=new_uid(), business_id=business.id, door=f"form:{form.uid}", body=b"email=ada@example.org"
    )
    with transaction() as session:
        capture_lead(session, Keep(arrival=arrival, verdict=Verdict.QUARANTINED, reason="honeypot 60"))


def test_it_tells_of_posts_that_wait_for_a_person(business: Business, providers: Providers) -> None:
    form = transact(make_form, MakeForm(business_id=business.id, settings={"name": "Contact us"}))
    for _ in range(3):
        set_aside(business, form)
    look()
    look()
    [alert] = alerts(business, JobKind.QUARANTINED)
    run([alert.id])
    [mail] = providers.smtp.mails
    assert (mail.recipients, states(alert.id)) == ((business.email,), ("sent", "done"))
    assert read(mail)["Subject"] == "Contact us: what was sent waits for a person"
    told = body(read(mail))
    assert "looked like spam (honeypot 60), and was set aside: 3 in all wait there now." in told
    assert f"intake quarantine list --business {business.nickname}" in told
    assert "ada@" not in told
    passed(business, 25)
    look()
    assert len(alerts(business, JobKind.QUARANTINED)) == 1
    set_aside(business, form)
    look()
    assert len(alerts(business, JobKind.QUARANTINED)) == 2
    assert alerts(business) == []


def test_what_failed_late_is_news_though_later_ones_were_told_of(
    partner: Partners, business: Business
) -> None:
    """A partner is asked for four days before a lead that it has only named fails."""
    source = partner(SENDERS["json"])
    source.send({"name": "Ada, of whom the partner tells nothing yet"})
    failed(source, 2)
    first = source.receipts()[0].id
    execute("UPDATE receipt SET verdict = 'received', decided_at = NULL WHERE id = %s", first)
    look()
    [alert] = alerts(business)
    assert alert.subject_id != first
    passed(business, 26)
    execute("UPDATE receipt SET verdict = 'failed', decided_at = clock_timestamp() WHERE id = %s", first)
    look()
    assert [one.subject_id for one in alerts(business)] == [alert.subject_id, first]


def test_nobody_is_told_of_trials(partner: Partners, business: Business) -> None:
    wanted = Subscribe(business_id=business.id, url="https://example.org/", events=("receipt.failed",))
    with transaction() as session:
        subscribe(session, wanted)
    failed(partner(SENDERS["json"], is_test=True), 1)
    look()
    assert alerts(business) == []
    with transaction() as session:
        assert session.exec(select(Event).where(Event.business_id == business.id)).all() == []


def test_no_look_keeps_the_relay_from_ringing(business: Business) -> None:
    with (
        psycopg.connect(settings().psycopg_url) as holder,
        psycopg.connect(settings().psycopg_url, autocommit=True) as connection,
    ):
        holder.execute("LOCK TABLE silence, owner_channel")
        connection.execute("SET statement_timeout = '100ms'")
        Relay(settings())._look_around(connection)
        assert connection.execute("SELECT 1").fetchone() == (1,)
