"""One request with several leads: each is taken in once, whatever happens to the worker half-way."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.business import Business
from models.enquiry import Enquiry
from models.job import Job
from models.lead import Lead
from models.mapping.items import items_of
from models.mapping.preset import preset
from models.receipt import Receipt
from tests.hooks.conftest import Partner, Partners
from tests.hooks.senders import HUBSPOT, SENDERS, THIN
from tests.intake.leadgen import rows
from tests.support.command import answer
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


def test_it_fails_an_item_under_an_id_that_another_had_and_takes_it_in_by_a_replay(
    zapier: Partner, business: Business
) -> None:
    eve = {**people("eve")[0], "id": "ada"}
    zapier.send([*people("ada"), eve])
    assert zapier.work() == ["split", "created", "failed"]
    zapier.send([*people("bob"), eve])
    assert zapier.work()[3:] == ["split", "created", "failed"]
    lost = zapier.receipts()[2]
    assert (lost.reason, lost.idempotency_key) == ("idempotency_key_reused", None)
    assert answer("source", "replay", zapier.source.uid).split()[0] == lost.uid
    assert sorted(zapier.work()) == ["created", "created", "created", "repeat", "split", "split"]
    assert [lead.first_name for lead in rows(Lead, business)] == ["ada", "bob", "eve"]


def test_it_shows_beforehand_that_an_id_was_anothers(zapier: Partner, tmp_path: Path) -> None:
    zapier.send(people("ada", "bob"))
    zapier.work()
    sample = tmp_path / "sample.json"
    sample.write_text(json.dumps([*people("ada"), {**people("eve")[0], "id": "bob"}]))
    told = answer("source", "test", zapier.source.uid, str(sample))
    assert "verdict\tseen\n" in told
    assert "verdict\tfailed\nreason\tidempotency_key_reused\n" in told


def test_it_tells_hubspots_events_apart_that_have_one_id(partner: Partners) -> None:
    source = partner(THIN["hubspot"])
    first, second = ({**HUBSPOT[0], "objectId": number} for number in (7, 8))
    half = {**first, "objectId": None}
    for events in ([first], [second], [first], [first, second], [half, second]):
        source.send(events)
    keys = [(one.idempotency_key or "").removeprefix(f"{source.source.door}:") for one in source.receipts()]
    ids = ["101-7-contact.creation", "101-8-contact.creation"]
    assert keys[:3] == [*ids, ",".join(ids)]
    # Half an id would be another event's, so the last goes by its bytes.
    assert ("contact" in keys[3], len(keys)) == (False, 4)
    items = items_of(preset("hubspot"), {}, "application/json", json.dumps([first, second, half]).encode())
    assert [item.id for item in items] == [*ids, ""]


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
