"""One request with several leads: each is taken in once, whatever happens to the worker half-way."""

import signal
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from models.business import Business
from models.enquiry import Enquiry
from models.job import Job
from models.lead import Lead
from models.receipt import Receipt
from tests.hooks.conftest import Partner, Partners
from tests.hooks.senders import SENDERS
from tests.intake.leadgen import rows
from tests.workers.promised import end_lease, execute
from workers.run import run

# A worker that is killed right after it wrote some of a batch, and before its commit.
KILLED = """
import os, signal, sys
from models.operations.sources import receive
from workers.run import run

whole = receive.capture_all

def some(session, commands):
    whole(session, commands[: int(sys.argv[2])])
    os.kill(os.getpid(), signal.SIGKILL)

receive.capture_all = some
run([int(sys.argv[1])])
"""


def people(*names: str) -> list[dict[str, str]]:
    return [{"first_name": name, "email": f"{name}@example.org", "id": name} for name in names]


@pytest.fixture
def zapier(partner: Partners) -> Partner:
    return partner(SENDERS["zapier"], mapping={"item_id": "id"})


def test_it_works(zapier: Partner, business: Business) -> None:
    zapier.send(people("ada", "bob", "cy"))
    assert zapier.work() == ["split", "created", "created", "created"]
    assert [lead.first_name for lead in rows(Lead, business)] == ["ada", "bob", "cy"]
    assert len(rows(Job, business)) == 1
    parts = rows(Receipt, business)[1:]
    assert [part.idempotency_key for part in parts] == [
        f"{zapier.source.door}:{n}" for n in ("ada", "bob", "cy")
    ]


@pytest.mark.parametrize("written", range(4))
def test_it_takes_each_once_when_the_worker_is_killed_between_two(
    zapier: Partner, business: Business, written: int
) -> None:
    zapier.send(people("ada", "bob", "cy"))
    job = zapier.jobs()[0]
    killed = subprocess.run([sys.executable, "-c", KILLED, str(job), str(written)], check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert rows(Lead, business) == []
    end_lease(job)
    do_twice(job)
    assert zapier.verdicts() == ["split", "created", "created", "created"]
    assert len(rows(Enquiry, business)) == 3


def do_twice(job: int) -> None:
    run([job])
    run([job])


def test_it_knows_an_item_that_comes_in_another_batch(zapier: Partner, business: Business) -> None:
    zapier.send(people("ada", "bob"))
    zapier.work()
    zapier.send(people("bob", "cy"))
    zapier.work()
    assert [lead.first_name for lead in rows(Lead, business)] == ["ada", "bob", "cy"]
    assert len(rows(Enquiry, business)) == 3


def test_it_fails_one_and_takes_the_others(zapier: Partner, business: Business) -> None:
    zapier.send([*people("ada"), {"first_name": "nobody"}, *people("bob")])
    assert zapier.work() == ["split", "created", "failed", "created"]
    assert len(rows(Lead, business)) == 2


def test_it_takes_a_lone_object_as_it_is(zapier: Partner) -> None:
    zapier.send(people("ada"))
    assert zapier.work() == ["created"]


@pytest.mark.parametrize("nothing", [[], [[]], [None], {}])
def test_it_fails_where_there_is_nothing(zapier: Partner, nothing: Any) -> None:
    zapier.send(nothing)
    assert zapier.work() == ["failed"]


def test_it_refuses_more_than_anybody_meant(zapier: Partner) -> None:
    zapier.send([{"email": f"{number}@example.org"} for number in range(501)])
    assert zapier.work() == ["failed"]


def test_it_refuses_what_is_about_no_lead(partner: Partners) -> None:
    sender = SENDERS["calendly"]
    canceled = partner(replace(sender, document={**sender.document, "event": "invitee.canceled"}))
    canceled.post()
    assert canceled.work() == ["refused"]
    assert canceled.receipts()[0].reason == "not_a_lead"


def test_it_gives_a_verdict_once(zapier: Partner, business: Business) -> None:
    """As if a worker had lost its lease, and another did the job meanwhile."""
    zapier.send(people("ada"))
    job = zapier.jobs()[0]
    do_twice(job)
    execute("UPDATE job SET state = 'pending', next_at = clock_timestamp() WHERE id = %s", job)
    do_twice(job)
    assert len(rows(Enquiry, business)) == 1


def test_it_passes_over_a_receipt_that_is_no_partners(zapier: Partner, business: Business) -> None:
    zapier.send(people("ada"))
    job = zapier.jobs()[0]
    execute("UPDATE receipt SET door = 'leadgen' WHERE business_id = %s", business.id)
    do_twice(job)
    assert (rows(Lead, business), rows(Receipt, business)[0].verdict) == ([], "received")
