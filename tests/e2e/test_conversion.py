"""From a posted lead to a contact and a deal, in three tongues, with real workers and one that is killed."""

import random
import time
from typing import Any

import pytest

from tests.e2e.part import eventually
from tests.e2e.stage import Stage
from tests.support.local import local

LEADS = 40
KILLS = 3


def sell(stage: Stage, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {stage.token}", "User-Agent": "tests"}
    answer = local.request(
        method, f"{stage.url}/v2{path}", headers=headers, json={"data": data} if data else None, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def nateq(stage: Stage, method: str, path: str) -> Any:
    headers = {"Authorization": f"Bearer {stage.token}"}
    answer = local.request(method, f"{stage.url}/api/v1{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def found(stage: Stage, name: str) -> int:
    """The id under which Sell's tongue knows a posted lead."""
    items = sell(stage, "GET", f"/leads?email={name}@example.org")["items"]
    return int(items[0]["data"]["id"])


def notes_of(stage: Stage, kind: str, number: int) -> list[str]:
    items = sell(stage, "GET", f"/notes?resource_type={kind}&resource_id={number}")["items"]
    return [item["data"]["content"] for item in items]


def test_a_posted_lead_becomes_a_contact_and_a_deal_with_its_notes(stage: Stage) -> None:
    stage.web()
    stage.relay()
    stage.worker()
    assert stage.post("ada", last_name="Lovelace").is_success
    lead = found(stage, "ada")
    sell(stage, "POST", "/notes", {"resource_type": "lead", "resource_id": lead, "content": "Called"})
    record = sell(stage, "POST", "/lead_conversions", {"lead_id": lead})
    person, deal = record["data"]["individual_id"], record["data"]["deal_id"]
    eventually(lambda: notes_of(stage, "contact", person) == ["Called"], "the note is on the contact")
    assert notes_of(stage, "deal", deal) == ["Called"]
    contact = local.get(
        record["meta"]["links"]["individual"],
        headers={"Authorization": f"Bearer {stage.token}", "User-Agent": "tests"},
    )
    assert contact.json()["data"]["last_name"] == "Lovelace"
    assert sell(stage, "POST", "/lead_conversions", {"lead_id": lead})["data"] == record["data"]
    stage.wait_done()
    # Jobs of other kinds, whose subjects are numbered alike, are no messages.
    assert stage.reconcile()["promised"] == 3


def test_it_is_converted_in_nateqs_tongue_under_the_uid_it_was_born_with(stage: Stage) -> None:
    stage.web()
    stage.relay()
    stage.worker()
    uid = stage.post("ada", "", last_name="Lovelace").json()["uid"]
    contact = nateq(stage, "POST", f"/leads/{uid}/convert")
    assert (contact["id"], contact["email"], contact["isPotentialClient"]) == (uid, "ada@example.org", False)
    assert nateq(stage, "POST", f"/leads/{uid}/convert")["id"] == uid
    stage.wait_done()
    assert nateq(stage, "GET", f"/contacts/{uid}")["name"] == "ada Lovelace"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_that_is_killed_changes_nothing_in_the_end(stage: Stage, seed: int) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)
    stage.web()
    leads = []
    for number in range(LEADS):
        assert stage.post(f"lead-{number}", "", last_name="Lovelace").is_success
        leads.append(found(stage, f"lead-{number}"))
        sell(
            stage, "POST", "/notes", {"resource_type": "lead", "resource_id": leads[-1], "content": "Called"}
        )
    for lead in leads:
        sell(stage, "POST", "/lead_conversions", {"lead_id": lead})
    relay, worker = stage.relay(), stage.worker(concurrency=2)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.5, 2.0))
        worker.kill()
        worker.start()
    assert relay.process.poll() is None
    stage.wait_done()
    assert stage.query("SELECT state, count(*) FROM conversion GROUP BY state") == [("complete", LEADS)]
    # Every note once, on its contact, and none left on a lead.
    assert stage.number("SELECT count(*) FROM note") == LEADS
    on_contacts = """
        SELECT count(*) FROM note n JOIN timeline t ON t.id = n.timeline_id
        JOIN conversion c ON (t.owner_type, t.owner_id) = ('contact', c.individual_id)
    """
    assert stage.number(on_contacts) == LEADS
    assert stage.reconcile()["agrees"]
