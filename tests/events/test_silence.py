"""A form or a source that is quiet for longer than usual is told of once, until something comes in again."""

from datetime import timedelta

import psycopg
import pytest
from sqlmodel import col, select

from models.business import Business
from models.database import transaction
from models.job import Job, JobKind
from models.operations.measure import measure
from models.operations.owner_channels import add_channel
from models.operations.silences import NOTICE, look_for_silence
from models.receipt import Verdict
from models.settings import settings
from models.silence import Silence
from tests.conftest import founded
from tests.workers.promised import execute, provided, read
from workers.run import run

FORM = "form:contact"
HOURLY = [timedelta(hours=hours) for hours in range(4, 34)]


def came(business: Business, door: str, ago: list[timedelta], verdict: Verdict = Verdict.CREATED) -> None:
    """Let a request have come in so long ago, for each."""
    execute(
        """INSERT INTO receipt (uid, business_id, door, verdict, body, received_at)
           SELECT gen_random_uuid(), %s, %s, %s, '', clock_timestamp() - span
           FROM unnest(%s::interval[]) AS span""",
        business.id,
        door,
        verdict,
        ago,
    )


def look() -> None:
    with psycopg.connect(settings().psycopg_url) as connection:
        look_for_silence(connection)


def silences(business: Business) -> list[Silence]:
    with transaction() as session:
        rows = select(Silence).where(Silence.business_id == business.id).order_by(col(Silence.id))
        return list(session.exec(rows).all())


def alarms(business: Business) -> list[Job]:
    with transaction() as session:
        jobs = select(Job).where(Job.kind == JobKind.SILENCE, Job.business_id == business.id)
        return list(session.exec(jobs.order_by(col(Job.id))).all())


def test_it_works(business: Business) -> None:
    came(business, FORM, HOURLY)
    look()
    look()
    [silence] = silences(business)
    assert (silence.door, silence.usual_seconds, silence.over_at) == (FORM, 3600, None)
    assert [job.target_id for job in alarms(business)] == [None]
    came(business, FORM, [timedelta(0)])
    look()
    [silence] = silences(business)
    assert silence.over_at is not None
    assert len(alarms(business)) == 1


def test_it_alarms_again_at_the_next_silence(business: Business) -> None:
    came(business, FORM, HOURLY)
    look()
    # As if all of it had been a day ago, with a request that ended the silence since.
    shift = "- interval '1 day'"
    execute(f"UPDATE receipt SET received_at = received_at {shift} WHERE business_id = %s", business.id)
    execute(f"UPDATE silence SET last_at = last_at {shift} WHERE business_id = %s", business.id)
    came(business, FORM, [timedelta(hours=5)])
    look()
    assert [silence.over_at is None for silence in silences(business)] == [False, True]
    assert len(alarms(business)) == 2


@pytest.mark.parametrize(
    ("door", "ago"),
    [
        (FORM, HOURLY[:19]),  # Too few to have a rhythm.
        (
            FORM,
            [timedelta(hours=hours, minutes=30) for hours in range(2, 32)],
        ),  # Not yet three times the usual.
        (FORM, [timedelta(minutes=5 + minutes) for minutes in range(30)]),  # Not yet an hour.
        (FORM, [timedelta(days=30) + span for span in HOURLY]),  # Given up long ago.
        (FORM, [timedelta(days=10 * number, hours=9) for number in range(30)]),  # Too seldom for a rhythm.
        ("leadgen", HOURLY),
    ],
    ids=["few", "soon", "fresh", "old", "seldom", "leadgen"],
)
def test_it_alarms_nobody_without_need(business: Business, door: str, ago: list[timedelta]) -> None:
    came(business, door, ago)
    look()
    assert silences(business) == []
    assert alarms(business) == []


@pytest.mark.parametrize(("hours", "quiet"), [(14, False), (21, True)])
def test_it_lets_a_door_sleep_at_night(business: Business, hours: int, *, quiet: bool) -> None:
    """Three requests an hour by day, none for sixteen hours by night."""
    last = timedelta(hours=hours)
    day = [timedelta(minutes=20 * number) for number in range(25)]
    came(business, FORM, [last + timedelta(days=n) + span for n in range(14) for span in day])
    look()
    assert bool(silences(business)) is quiet


@pytest.mark.parametrize("weekday", [timedelta(hours=3), timedelta(days=6)], ids=["that day", "six days on"])
def test_it_takes_the_leads_of_a_batch_for_one_request(business: Business, weekday: timedelta) -> None:
    for week in range(4):
        came(business, "hook:zapier", [weekday + timedelta(weeks=week)] * 30)
        came(business, "hook:zapier", [weekday + timedelta(weeks=week)], Verdict.SPLIT)
    look()
    assert silences(business) == []


def test_it_tells_when_daily_batches_end(business: Business) -> None:
    came(business, "hook:zapier", [timedelta(days=days) for days in range(4, 27) for _ in range(30)])
    look()
    assert [silence.usual_seconds for silence in silences(business)] == [86_400]


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.QUARANTINED])
def test_it_takes_refusals_and_spam_for_silence(business: Business, verdict: Verdict) -> None:
    came(business, FORM, HOURLY)
    came(business, FORM, [timedelta(minutes=minutes) for minutes in range(0, 240, 5)], verdict)
    look()
    [silence] = silences(business)
    came(business, FORM, [timedelta(0)], verdict)
    look()
    assert silences(business) == [silence]
    assert silence.over_at is None


@pytest.mark.parametrize(
    "verdict", [one for one in Verdict if one not in (Verdict.REFUSED, Verdict.QUARANTINED)]
)
def test_it_hears_of_whatever_was_taken_in(business: Business, verdict: Verdict) -> None:
    came(business, FORM, HOURLY)
    came(business, FORM, [timedelta(minutes=2)], verdict)
    look()
    assert silences(business) == []


def test_it_knows_each_door_and_each_business_by_itself(business: Business) -> None:
    other = founded()
    came(business, FORM, HOURLY)
    came(business, "hook:typeform", [*HOURLY, timedelta(minutes=2)])
    came(other, FORM, [*HOURLY, timedelta(minutes=2)])
    came(other, "hook:zapier", HOURLY)
    look()
    assert [silence.door for silence in silences(business)] == [FORM]
    assert [silence.door for silence in silences(other)] == ["hook:zapier"]


def test_it_tells_the_owner_and_shows_it(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        add_channel(session, business, "json://127.0.0.1:1/")
    came(business, FORM, HOURLY)
    look()
    mail, channel = sorted(alarms(business), key=lambda job: job.target_id or 0)
    assert channel.target_id is not None
    with provided(monkeypatch) as providers:
        run([mail.id])
        told = read(providers.smtp.mails[0])
    assert (told["To"], told["Subject"]) == (business.email, "Nothing has come in through form:contact")
    part = told.get_body(("plain",))
    assert part is not None
    assert "no more than 1 hour pass" in part.get_content()
    with transaction() as session:
        [quiet] = measure(session, business.id).quiet
    assert (quiet.business, quiet.door) == (business.nickname, FORM)


def test_it_reads_an_index_and_no_table(business: Business) -> None:
    came(business, FORM, HOURLY)
    came(business, "leadgen", HOURLY * 20)
    with psycopg.connect(settings().psycopg_url) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {NOTICE}".encode()))
    assert "ix_receipt_door" in plan
    assert "Seq Scan on receipt" not in plan
