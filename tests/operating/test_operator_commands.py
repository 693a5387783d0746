"""`intake status`, `jobs`, `retry` and `reconcile`, as an operator types them."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from models.business import Business, TokenKind
from models.database import transaction
from models.delivery import DeliveryAttempt
from models.identifiers import EmailAddress, new_uid
from models.job import Job, JobKind, JobState
from models.lead import IdentityKind
from models.operations.capture import capture_lead
from models.operations.commands import Arrival, CaptureLead
from models.operations.found import FoundBusiness, found_business
from models.operations.reconcile import reconcile
from models.operations.tokens import issue
from tests.support.command import answer, outside, run

NOBODY = {"DATABASE_URL": "postgresql://x:secret@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1"}


def document(*arguments: str) -> Any:
    return json.loads(answer(*arguments, "--json"))


@pytest.fixture
def alone(own_database: str) -> Business:
    """The only business of its database."""
    wanted = FoundBusiness(
        nickname="acme", name="Acme Chairs", email="owner@example.org", phone="+14155550100"
    )
    with transaction() as session:
        business = found_business(session, wanted)
        issue(session, business=business, kind=TokenKind.STAFF)
    return business


def asked(business: Business, email: str = "ada@example.org") -> None:
    """One request that asks for two messages."""
    command = CaptureLead(
        arrival=Arrival(uid=new_uid(), business_id=business.id, door="leadgen", body=b"{}"),
        match_on=IdentityKind.EMAIL,
        title="A chair",
        email=EmailAddress(email, email),
        notifications=frozenset({JobKind.AUTO_REPLY, JobKind.OWNER_SMS}),
    )
    with transaction() as session:
        capture_lead(session, command)


def execute(sql: str, *parameters: object) -> None:
    with transaction() as session:
        session.connection().exec_driver_sql(sql, parameters)


def all_jobs() -> list[Job]:
    with transaction() as session:
        return list(session.exec(select(Job).order_by(col(Job.id))))


def kill(error: str = "550 no such user") -> list[str]:
    """All jobs dead, each with its message; their ids."""
    execute("UPDATE job SET state = 'dead', attempts = 11, finished_at = now(), last_error = %s", error)
    execute(
        "INSERT INTO delivery (business_id, job_id, cause, channel, template, recipient, state) "
        "SELECT business_id, id, 'test ' || id, 'email', kind, 'ada@example.org', 'failed' FROM job"
    )
    return [str(job.id) for job in all_jobs()]


def test_it_works(alone: Business) -> None:
    asked(alone)
    status, listed, books = answer("status"), answer("jobs"), answer("reconcile")

    assert status.startswith("healthy\n")
    assert "notify.email        1        0     0" in status
    assert "created" in status
    assert [row.split()[1] for row in listed.splitlines()] == ["kind", "owner_sms", "auto_reply"]
    assert books.startswith("nothing is missing\n")
    assert "\x1b" not in status + listed + books


def test_it_tells_programs_the_status(alone: Business) -> None:
    asked(alone)
    execute("UPDATE job SET next_at = now() - interval '2 hours' WHERE queue = 'notify.sms'")
    told = document("status")

    assert "notify.sms: the oldest job has waited" in told["verdict"]
    pending = {entry["queue"]: entry["pending"] for entry in told["queues"]}
    assert (pending["notify.email"], pending["notify.sms"], pending["default"]) == (1, 1, 0)
    assert told["receipts"] == {"created": 1}
    assert told["deliveries"] == {}


def test_it_lists_the_jobs_that_are_asked_for(alone: Business) -> None:
    asked(alone)
    asked(alone, "grace@example.org")
    execute("UPDATE job SET state = 'dead' WHERE id = (SELECT min(id) FROM job)")
    dead = document("jobs", "--state", "dead")
    texts = document("jobs", "--kind", "owner_sms", "--limit", "1")

    assert [(job["state"], job["kind"]) for job in dead] == [("dead", dead[0]["kind"])]
    assert [job["kind"] for job in texts] == ["owner_sms"]
    assert set(dead[0]) == {"id", "kind", "queue", "state", "attempts", "next_at", "last_error"}
    assert document("jobs", "--state", "done") == []
    assert run("jobs", "--state", "nonsense").returncode == 2


def test_it_prints_no_control_characters(alone: Business) -> None:
    asked(alone)
    kill("550 \x1b[2Jgone\nid  kind")
    listed = answer("jobs")

    assert "550 ?[2Jgone?id  kind" in listed
    assert listed.count("\n") == 3


def test_it_sends_dead_jobs_round_again(alone: Business) -> None:
    asked(alone)
    ids = kill()
    done = run("retry")

    assert (done.returncode, done.stdout.split()) == (0, ids)
    assert done.stderr == "2 dead, 2 to send round again\n"
    assert {(job.state, job.attempts, job.finished_at) for job in all_jobs()} == {(JobState.PENDING, 0, None)}
    assert run("retry").stdout == ""
    with transaction() as session:
        assert [entry.outcome for entry in session.exec(select(DeliveryAttempt))] == ["retried", "retried"]


def test_it_changes_nothing_in_a_dry_run(alone: Business) -> None:
    asked(alone)
    ids = kill()
    done = run("retry", "--dry-run")

    assert (done.returncode, done.stdout.split()) == (0, ids)
    assert {job.state for job in all_jobs()} == {JobState.DEAD}


def test_it_retries_only_what_was_named(alone: Business) -> None:
    for name in ("ada", "grace", "joan"):
        asked(alone, f"{name}@example.org")
    ids = kill()
    by_id = run("retry", ids[0], ids[1], "--limit", "1")
    by_kind = run("retry", "--kind", "owner_sms", "--limit", "1")
    again = run("retry", ids[0], "999999999")

    assert (by_id.stdout.split(), by_id.stderr) == (ids[:2], "2 dead, 2 to send round again\n")
    assert by_kind.stderr == "2 dead, 1 to send round again\n"
    revived = [job for job in all_jobs() if job.state == JobState.PENDING]
    assert sorted(str(job.id) for job in revived) == sorted([*ids[:2], *by_kind.stdout.split()])
    assert [job.kind for job in all_jobs() if str(job.id) in by_kind.stdout.split()] == ["owner_sms"]
    assert (again.returncode, again.stdout) == (0, "")


def test_it_leaves_living_jobs_alone(alone: Business) -> None:
    asked(alone)
    done = run("retry", *(str(job.id) for job in all_jobs()))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "0 dead, 0 to send round again\n")


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("DELETE FROM job WHERE kind = 'owner_sms'", "requests whose promised messages are not all there"),
        ("DELETE FROM enquiry", "accepted requests without their lead or enquiry"),
        (
            "UPDATE job SET state = 'done' WHERE kind = 'auto_reply'",
            "finished messages without a delivery in a final state",
        ),
        (
            "UPDATE receipt SET verdict = 'received', promised = 0, received_at = now() - interval '2 hours'",
            "requests received and not decided for an hour",
        ),
    ],
)
def test_it_finds_what_is_missing(alone: Business, sql: str, finding: str) -> None:
    asked(alone)
    execute(sql)
    with transaction() as session:
        books = reconcile(session)

    assert not books.agrees
    assert {name for name, count in books.missing.items() if count} == {finding}


def test_it_finds_what_went_out_too_often_unless_an_operator_sent_it(alone: Business) -> None:
    asked(alone)
    kill()
    execute("UPDATE delivery SET copies = 3")
    with transaction() as session:
        before = reconcile(session)
    assert run("retry").returncode == 0
    with transaction() as session:
        after = reconcile(session)

    name = "messages sent more than twice, though no operator asked for it"
    assert (before.missing[name], after.missing[name]) == (2, 0)


def test_it_ends_with_1_where_something_is_missing(alone: Business) -> None:
    asked(alone)
    execute("DELETE FROM job WHERE kind = 'owner_sms'")
    in_words, for_programs = run("reconcile"), run("reconcile", "--json")

    assert (in_words.returncode, for_programs.returncode) == (1, 1)
    assert in_words.stdout.startswith("something is missing\n")
    line = next(row for row in in_words.stdout.splitlines() if row.startswith("requests whose promised"))
    assert line.endswith(" 1")
    assert json.loads(for_programs.stdout)["agrees"] is False


def test_it_keeps_the_books(alone: Business) -> None:
    for email in ("ada@example.org", "ada@example.org", "grace@example.org"):
        asked(alone, email)
    books = document("reconcile")

    assert books["agrees"]
    assert books["received"] == 3
    assert (books["verdicts"]["created"], books["verdicts"]["repeat"]) == (2, 1)
    assert (books["promised"], books["jobs"]) == (6, {"pending": 6})


@pytest.mark.parametrize("command", ["status", "jobs", "retry", "reconcile"])
def test_it_says_in_one_line_that_nothing_answers(command: str) -> None:
    done = outside(command, **NOBODY)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "secret" not in done.stderr


def test_it_looks_under_the_data_folder(tmp_path: Path) -> None:
    done = outside("status", "--data", str(tmp_path), DATABASE_URL="", REDIS_URL="")

    assert (done.returncode, done.stdout) == (1, "")
    assert f"intake up --data {tmp_path}" in done.stderr
