"""Senders that post ids alone: a worker asks Meta or HubSpot for the rest, and takes no for an answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from models.business import Business
from models.database import transact, transaction
from models.enquiry import Enquiry
from models.job import Job, JobState
from models.lead import Lead
from models.operations.sources.manage import ChangeSource, change_source
from models.settings import settings
from tests.hooks.conftest import Partner, Partners
from tests.hooks.senders import HUBSPOT, THIN, graph_changes
from tests.intake.leadgen import rows
from tests.support.command import answer
from tests.support.json_server import CLOSE, HANG, JsonServer, Told

TOKEN = "EAAB-token-of-the-page"
FIELD_DATA = {"full_name": "Ada Lovelace", "email": "ada@example.org", "which_wood?": "oak"}


def graph_lead(number: str, email: str = "ada@example.org") -> dict[str, Any]:
    data = [{"name": name, "values": [value]} for name, value in {**FIELD_DATA, "email": email}.items()]
    return {"id": number, "created_time": "2027-01-18T18:17:02+0000", "field_data": data}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[JsonServer]:
    with JsonServer() as server:
        server.usual = {"/111": graph_lead("111"), "/222": graph_lead("222", "bob@example.org")}
        monkeypatch.setenv("META_GRAPH_URL", server.url)
        monkeypatch.setenv("HUBSPOT_URL", server.url)
        monkeypatch.setenv("SMTP_CONNECT_SECONDS", "1")
        monkeypatch.setenv("CLIENT_TIMEOUT_SECONDS", "2")
        settings.cache_clear()
        yield server
    settings.cache_clear()


@pytest.fixture
def meta(api: JsonServer, partner: Partners) -> Partner:
    # After `partner`, whose client set the environment anew.
    settings.cache_clear()
    return partner(THIN["meta"], token=TOKEN)


def job_of(source: Partner) -> Job:
    with transaction() as session:
        receipt = source.receipts()[0].id
        return session.exec(select(Job).where(Job.subject_id == receipt, Job.kind == "receive")).one()


def test_it_works(api: JsonServer, meta: Partner, business: Business) -> None:
    meta.post()
    assert meta.work() == ["created"]
    lead = rows(Lead, business)[0]
    assert (lead.first_name, lead.last_name, lead.email) == ("Ada", "Lovelace", "ada@example.org")
    assert (lead.source, lead.fields) == ("Meta Lead Ads", {"which_wood?": "oak"})
    path, authorization = api.asked[0]
    assert path.startswith("/111?fields=")
    assert (authorization, TOKEN in path) == (f"Bearer {TOKEN}", False)


def test_it_asks_hubspot_for_each_contact_of_a_batch(
    api: JsonServer, partner: Partners, business: Business
) -> None:
    for number, name in ((101, "Ada"), (102, "Bob")):
        properties = {"firstname": name, "email": f"{name}@example.org", "phone": None}
        api.usual[f"/crm/v3/objects/contacts/{number}"] = {"id": str(number), "properties": properties}
    source = partner(THIN["hubspot"], token=TOKEN)
    source.post()
    assert source.work() == ["split", "created", "created"]
    assert [lead.first_name for lead in rows(Lead, business)] == ["Ada", "Bob"]
    # It tries again in other batches, and counts the tries in each event.
    again = [{**event, "attemptNumber": 1} for event in HUBSPOT]
    source.send([*again, {**again[0], "eventId": 103}])
    assert source.work()[3:] == ["split", "repeat"]


@pytest.mark.parametrize(
    "trouble",
    [
        Told(429, {"error": {"code": 4}}, {"Retry-After": "0"}),
        Told(400, {"error": {"code": 613, "message": "Calls to this api have exceeded the rate limit."}}),
        Told(500, {}),
        Told(503, {}, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        Told(200, raw=b"<html>"),
        Told(200, raw=b"null"),
        Told(200, raw=b"[" * 100_000),
        Told(200, raw=b" " * 300_000),
        CLOSE,
        HANG,
    ],
    ids=["429", "400", "500", "503", "html", "null", "deep", "endless", "close", "hang"],
)
def test_it_asks_again_after_a_trouble_that_passes(
    api: JsonServer, meta: Partner, trouble: Told | str
) -> None:
    api.script = [trouble]
    meta.post()
    assert meta.work() == ["received"]
    assert job_of(meta).state == JobState.PENDING
    assert job_of(meta).last_error.startswith("the lead could not be fetched")
    assert meta.work() == ["created"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 302])
def test_it_lets_the_receipt_wait_where_asking_again_cannot_help(
    api: JsonServer, meta: Partner, status: int
) -> None:
    api.script = [Told(status, {"error": {"message": TOKEN}}, {"Location": f"{api.url}/111"})]
    meta.post()
    assert meta.work() == ["failed"]
    assert meta.receipts()[0].reason == f"the lead could not be fetched: HTTP {status}"
    assert (job_of(meta).state, len(api.asked)) == (JobState.DONE, 1)


def test_it_gives_up_in_the_end_and_keeps_the_receipt(
    api: JsonServer, meta: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "2")
    settings.cache_clear()
    api.script = [Told(500)] * 2
    meta.post()
    assert (meta.work(), meta.work()) == (["received"], ["failed"])
    assert job_of(meta).state == JobState.DEAD


@pytest.mark.parametrize("number", ["../me", "1/2", "", "x" * 200, "1?a=b"])
def test_it_asks_for_nothing_but_a_lead(api: JsonServer, meta: Partner, number: str) -> None:
    meta.send(graph_changes(number))
    assert meta.work() == ["failed"]
    assert api.asked == []


@pytest.mark.parametrize("sender", ["meta", "linkedin"])
def test_it_needs_a_token(partner: Partners, sender: str) -> None:
    source = partner(THIN[sender], token=TOKEN)
    transact(change_source, ChangeSource(source=source.source.uid, token=""))
    source.post()
    assert source.work() == ["failed"]
    assert "token" in source.receipts()[0].reason


def test_it_takes_each_of_a_batch_though_one_is_gone(
    api: JsonServer, meta: Partner, business: Business
) -> None:
    meta.send(graph_changes("111", "999", "222"))
    assert meta.work() == ["split", "created", "failed", "created"]
    assert len(rows(Lead, business)) == 2


def test_it_takes_the_others_of_a_batch_where_one_is_not_told_of_in_the_end(
    api: JsonServer, meta: Partner, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "2")
    settings.cache_clear()
    api.script = [Told(200, graph_lead("111")), Told(500)] * 2
    meta.send(graph_changes("111", "999", "222"))
    assert meta.work() == ["received"]
    assert meta.work() == ["split", "created", "failed", "created"]
    assert job_of(meta).state == JobState.DEAD
    assert sorted(lead.email for lead in rows(Lead, business)) == ["ada@example.org", "bob@example.org"]


def test_it_knows_an_item_of_a_batch_that_came_alone(
    api: JsonServer, meta: Partner, business: Business
) -> None:
    meta.send(graph_changes("111"))
    assert meta.work() == ["created"]
    api.usual["/111"] = graph_lead("111", "other@example.org")
    meta.send(graph_changes("111", "222"))
    meta.work()
    assert sorted(lead.email for lead in rows(Lead, business)) == ["ada@example.org", "bob@example.org"]
    assert "failed" not in [one.verdict for one in meta.receipts()]
    assert answer("source", "replay", meta.source.uid, "--since", "1d") == ""
    assert len(rows(Enquiry, business)) == 2


def test_it_shows_what_a_sample_of_hubspot_would_make(partner: Partners, tmp_path: Path) -> None:
    source = partner(THIN["hubspot"])
    sample = tmp_path / "sample.json"
    event = HUBSPOT[0] | {"fetched": {"properties": {"email": "ada@example.org", "firstname": "Ada"}}}
    sample.write_text(json.dumps([event]))
    told = answer("source", "test", source.source.uid, str(sample))
    assert "verdict\tcreated\n" in told
    assert "email\tada@example.org\n" in told
    sample.write_text(json.dumps([HUBSPOT[0]]))
    assert "give it in the sample as `fetched`" in answer("source", "test", source.source.uid, str(sample))
