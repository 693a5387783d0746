"""Who is told of a lead: the owner, the assignee, and others as the business wishes."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from models.business import User
from models.database import transaction
from models.job import Job, JobKind
from models.operations.reconcile import reconcile
from tests.crm.conftest import ADA, Member
from tests.support.command import run as command
from tests.support.web import Client
from tests.workers.promised import Providers, delivery, provided, read, states
from workers.run import run

OWNER, ASSIGNEE, REASSIGNED = JobKind.OWNER_EMAIL, JobKind.ASSIGNEE_EMAIL, JobKind.REASSIGNED_EMAIL


@pytest.fixture
def providers(client: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Providers]:
    with provided(monkeypatch) as providers:
        yield providers


def owed(member: Member) -> list[Job]:
    with transaction() as session:
        jobs = select(Job).where(Job.business_id == member.business.id, Job.state == "pending")
        return list(session.exec(jobs.order_by(col(Job.id))).all())


def work_off(member: Member) -> list[str]:
    """Send what is owed; the kinds of the messages."""
    jobs = owed(member)
    run([job.id for job in jobs])
    return sorted(job.kind for job in jobs)


def email_of(member: Member) -> str:
    with transaction() as session:
        return session.exec(select(User.email).where(User.id == member.user_id)).one()


def missing() -> dict[str, int]:
    """What the books lack; other tests share them, and some tear out a page."""
    with transaction() as session:
        return reconcile(session).missing


def test_it_works(grace: Member, alan: Member, providers: Providers) -> None:
    before = missing()
    grace.lead(assignee="alan", source="website")
    jobs = owed(grace)
    assert work_off(grace) == [ASSIGNEE, OWNER]
    assert [states(job.id) for job in jobs] == [("sent", "done")] * 2
    mails = {mail.recipients[0]: read(mail) for mail in providers.smtp.mails}
    assert mails.keys() == {grace.business.email, email_of(alan)}
    mail = mails[email_of(alan)]
    assert (mail["subject"], mail["reply-to"]) == ("A lead for you: Ada Lovelace", "ada@example.org")
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        text = part.get_content()
        for told in (ADA["message"], ADA["location"], ADA["phone"], "website", "Acme Chairs"):
            assert told in text
    assert delivery(jobs[0].id).cause == delivery(jobs[1].id).cause
    assert missing() == before


def test_it_tells_the_new_assignee_each_time(grace: Member, alan: Member, providers: Providers) -> None:
    slug = grace.lead()
    work_off(grace)
    for username, kinds in (
        ("alan", [REASSIGNED]),
        ("alan", []),
        ("grace", [REASSIGNED]),
        ("alan", [REASSIGNED]),
    ):
        providers.smtp.mails.clear()
        grace.post("/update/lead/", slug=slug, **ADA | {"assignee": username})
        assert work_off(grace) == kinds
        addresses = [mail.recipients[0] for mail in providers.smtp.mails]
        assert addresses == [email_of(alan if username == "alan" else grace)] * len(kinds)


def test_it_tells_of_a_lead_without_an_enquiry(grace: Member, alan: Member, providers: Providers) -> None:
    bearer = {"Authorization": f"Bearer {grace.token}", "User-Agent": "test"}
    data = {"first_name": "Ada", "last_name": "Lovelace", "source_id": None}
    made = grace.client.post("/v2/leads", headers=bearer, json={"data": data})
    assert made.status_code == 200, made.text
    [lead] = grace.get("/list/")["results"]
    grace.post("/update/lead/", slug=lead["slug"], **ADA | {"assignee": "alan"})
    assert work_off(grace) == [REASSIGNED]
    [mail] = providers.smtp.mails
    assert read(mail)["subject"] == "A lead for you: Ada Lovelace"


def test_it_sends_nothing_to_nowhere(grace: Member, alan: Member, providers: Providers) -> None:
    with transaction() as session:
        session.get_one(User, alan.user_id).email = ""
    grace.lead(assignee="alan")
    job = next(job for job in owed(grace) if job.kind == ASSIGNEE)
    work_off(grace)
    assert states(job.id) == ("suppressed", "done")
    assert delivery(job.id).reason == "no_address"


def test_it_tells_one_person_once(grace: Member) -> None:
    with transaction() as session:
        session.get_one(User, grace.user_id).email = grace.business.email.upper()
    grace.lead()
    assert [job.kind for job in owed(grace)] == [OWNER]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("", []),
        ("sms", [JobKind.OWNER_SMS]),
        ("email, auto-reply", [JobKind.AUTO_REPLY, OWNER]),
        ("assignee", [ASSIGNEE]),
    ],
)
def test_it_tells_whom_the_business_wishes(grace: Member, words: str, kinds: list[JobKind]) -> None:
    done = command("business", "update", grace.business.uid, "--crm-notifications", words)
    assert done.returncode == 0, done.stderr
    grace.lead()
    assert sorted(job.kind for job in owed(grace)) == sorted(kinds)
    shown = command("business", "show", grace.business.uid).stdout
    assert f"crm_notifications\t{','.join(words.split(', ')) or '-'}\n" in shown


def test_it_knows_no_other_word(grace: Member) -> None:
    done = command("business", "update", grace.business.uid, "--crm-notifications", "pigeon")
    assert (done.returncode, "crm_notifications must be any of" in done.stderr) == (1, True)
