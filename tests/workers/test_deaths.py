"""A message that was given up is told to its owner, once a day for each kind, by a way that still works."""

import psycopg
import pytest
from sqlmodel import col, select

from models.business import Business
from models.database import transaction
from models.job import Job, JobKind
from models.operations.deaths import NOTICE, look_for_deaths
from models.operations.owner_channels import add_channel
from models.settings import settings
from tests.workers.promised import (
    AUTO_REPLY,
    OWNER_EMAIL,
    OWNER_SMS,
    Providers,
    body,
    execute,
    job,
    promised,
    read,
    states,
)
from workers.run import run


def look() -> None:
    with psycopg.connect(settings().psycopg_url) as connection:
        look_for_deaths(connection)


def alerts(business: Business) -> list[Job]:
    with transaction() as session:
        jobs = select(Job).where(Job.kind == JobKind.GIVEN_UP, Job.business_id == business.id)
        return list(session.exec(jobs.order_by(col(Job.id))).all())


def died(business: Business, kind: JobKind) -> int:
    [one] = promised(business, kind)
    execute("UPDATE job SET state = 'dead', finished_at = clock_timestamp() WHERE id = %s", one)
    return one


def passed(business: Business, hours: int) -> None:
    """Let all that happened have happened so much earlier."""
    execute(
        f"""UPDATE job SET created_at = created_at - interval '{hours} hours',
            finished_at = finished_at - interval '{hours} hours' WHERE business_id = %s""",
        business.id,
    )


def test_it_works(providers: Providers, business: Business) -> None:
    providers.set(MAX_ATTEMPTS="2")
    providers.smtp.script["RCPT"] = ["451 4.3.0 Later"] * 2
    [one] = promised(business, AUTO_REPLY)
    run([one])
    look()
    assert alerts(business) == []
    run([one])
    look()
    look()
    assert states(one) == ("failed", "dead")
    [alert] = alerts(business)
    run([alert.id])
    [mail] = providers.smtp.mails
    assert (mail.recipients, states(alert.id)) == ((business.email,), ("sent", "done"))
    assert read(mail)["Subject"] == "A message could not be sent: auto-reply"
    assert "the kind auto-reply was given up: 4.3.0 Later." in body(read(mail))
    assert f"intake retry {one}" in body(read(mail))


def test_it_tells_of_each_kind_once_a_day(business: Business) -> None:
    for kind in (AUTO_REPLY, AUTO_REPLY, OWNER_SMS):
        died(business, kind)
    look()
    assert {job(alert.subject_id).kind for alert in alerts(business)} == {AUTO_REPLY, OWNER_SMS}
    died(business, AUTO_REPLY)
    look()
    assert len(alerts(business)) == 2


def test_it_tells_the_next_day_of_what_died_since(business: Business) -> None:
    died(business, AUTO_REPLY)
    look()
    passed(business, 1)
    later = died(business, AUTO_REPLY)
    look()
    assert len(alerts(business)) == 1
    passed(business, 24)
    look()
    look()
    assert [alert.subject_id for alert in alerts(business)][1:] == [later]
    passed(business, 24)
    look()
    assert len(alerts(business)) == 2


def test_it_tells_by_further_channels_that_the_owner_s_mail_died(business: Business) -> None:
    died(business, OWNER_EMAIL)
    look()
    assert alerts(business) == []
    with transaction() as session:
        channel = add_channel(session, business, "json://127.0.0.1:1/").id
    look()
    died(business, AUTO_REPLY)
    look()
    assert [alert.target_id for alert in alerts(business)] == [channel, None]


def test_it_tells_nobody_of_the_past_nor_of_an_alert(business: Business) -> None:
    died(business, AUTO_REPLY)
    passed(business, 49)
    look()
    assert alerts(business) == []
    died(business, AUTO_REPLY)
    look()
    execute("UPDATE job SET state = 'dead', finished_at = now() WHERE kind = 'given_up'")
    look()
    assert len(alerts(business)) == 1


@pytest.mark.parametrize("index", ["ix_job_dead", "ix_job_given_up"])
def test_it_reads_indexes_and_no_table(business: Business, index: str) -> None:
    with psycopg.connect(settings().psycopg_url) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {NOTICE}".encode()))
    assert index in plan
    assert "Seq Scan on job" not in plan


@pytest.mark.parametrize("kind", [JobKind.CONVERT, JobKind.REATTACH, JobKind.ERASE])
def test_it_tells_of_tasks_that_were_given_up(
    providers: Providers, business: Business, kind: JobKind
) -> None:
    execute(
        """INSERT INTO job (business_id, kind, queue, subject_id, state, finished_at)
           VALUES (%s, %s, 'default', 1, 'dead', clock_timestamp())""",
        business.id,
        kind,
    )
    look()
    [alert] = alerts(business)
    run([alert.id])
    [mail] = providers.smtp.mails
    assert read(mail)["Subject"] == f"A task could not be done: {kind}"
    assert f"A task of {business.name} of the kind {kind} was given up." in body(read(mail))
