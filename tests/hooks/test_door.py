"""POST /hooks/{key}, whoever knocks: addresses, limits, and deliveries that come again and again."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from models.business import Business
from models.database import transact
from models.enquiry import Enquiry
from models.operations.sources.manage import ChangeSource, change_source, delete_source
from tests.hooks.conftest import Partners
from tests.hooks.senders import SENDERS, TYPEFORM
from tests.intake.leadgen import rows
from tests.support.web import Client

BOMBS = {
    "deep": b"[" * 100_000,
    "many keys": json.dumps({str(number): 1 for number in range(30_000)}).encode()[:250_000],
    "twice": b'{"email": "a@example.org", "email": "b@example.org", "first_name": "Ada"}',
    "nul": b'{"email": "ada@example.org", "first_name": "A\\u0000da", "half": "\\ud800"}',
    "raw nul": b'{"email": "\x00"}',
    "not utf-8": b'{"email": "\xff"}',
    "numbers": b'{"email": NaN, "id": ' + b"9" * 5000 + b', "x": 1e999, "y": -Infinity}',
    "empty": b"",
    "null": b"null",
    "text": b'"ada@example.org"',
    "garbage": b"{}x",
}


def test_it_works(partner: Partners) -> None:
    source = partner(SENDERS["json"])
    answer = source.post()
    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    assert source.receipts()[0].uid == answer.headers["x-request-id"]


def test_it_takes_a_hundred_of_one_delivery_at_once_for_one(partner: Partners, business: Business) -> None:
    source = partner(SENDERS["typeform"])
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: source.post().status_code, range(100)))
    assert answers == [200] * 100
    assert source.work() == ["created"]
    assert len(rows(Enquiry, business)) == 1


def test_it_keeps_a_delivery_that_comes_with_another_body(partner: Partners) -> None:
    source = partner(SENDERS["typeform"])
    source.post()
    assert source.send({**TYPEFORM, "event_id": "02H"}).status_code == 200
    refused = source.receipts()[1]
    assert (refused.verdict, refused.reason, b"02H" in refused.body) == (
        "refused",
        "idempotency_key_reused",
        True,
    )
    assert len(source.jobs()) == 1


def test_it_takes_a_header_for_the_deliverys_id(partner: Partners) -> None:
    source = partner(SENDERS["json"], options={"delivery_header": "X-Delivery"})
    for number in ("1", "2", "1", "x" * 5000, "ü"):
        headers = {b"Content-Type": b"application/json", b"X-Delivery": number.encode("latin-1")}
        assert source.client.post(source.path, content=source.sender.body, headers=headers).status_code == 200
    assert source.verdicts() == ["received"] * 4


@pytest.mark.parametrize("key", ["x", "0" * 40, "0" * 41, "%00", "A" * 40, "a" * 5000])
def test_it_knows_no_other_address(client: Client, key: str) -> None:
    answer = client.post(f"/hooks/{key}", json={})
    told = {"status": "Error", "message": "no source has this address"}
    assert (answer.status_code, answer.json()) == (404, told)


def test_it_pauses_and_ends(partner: Partners) -> None:
    paused, deleted = partner(SENDERS["json"], name="paused"), partner(SENDERS["json"], name="deleted")
    transact(change_source, ChangeSource(source=paused.source.uid, is_paused=True))
    transact(delete_source, deleted.source.uid)
    answer = paused.post()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
    assert deleted.post().status_code == 410
    assert answer.json() == {"status": "Error", "message": "the source is paused, please try again later"}
    assert paused.receipts() == deleted.receipts() == []


def test_it_reads_no_more_than_the_limit(partner: Partners) -> None:
    source = partner(SENDERS["typeform"])
    assert source.post(b" " * 262_145).status_code == 413
    compressed = {**source.sender.headers(), "Content-Encoding": "gzip"}
    assert source.client.post(source.path, content=source.sender.body, headers=compressed).status_code == 415


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "", "multipart/form-data; boundary=b"]
)
def test_it_keeps_whatever_comes_and_loses_nothing(partner: Partners, body: bytes, content_type: str) -> None:
    source = partner(replace(SENDERS["json"], content_type=content_type))
    assert source.post(body).status_code == 200
    verdict = source.work()[0]
    receipt = source.receipts()[0]
    assert receipt.body == body
    assert (verdict == "failed") == bool(receipt.reason)
    assert verdict in ("failed", "created")
    assert "example.org" not in receipt.reason


def test_it_takes_the_last_of_two_equal_keys_and_drops_what_cannot_be_kept(
    partner: Partners, business: Business
) -> None:
    source = partner(SENDERS["json"])
    source.post(BOMBS["twice"])
    source.post(BOMBS["nul"])
    assert source.work() == ["created", "created"]
    enquiries = rows(Enquiry, business)
    assert enquiries[1].request_data == {"half": "?"}


def test_it_answers_other_methods_in_its_own_words(partner: Partners) -> None:
    source = partner(SENDERS["json"])
    answer = source.client.get(source.path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert source.client.put(source.path).status_code == 405


def test_it_counts_without_telling_an_address(partner: Partners) -> None:
    source = partner(SENDERS["typeform"])
    source.post()
    source.client.post(source.path, content=b"{}")
    told = source.client.get("/metrics").text
    assert 'leads_accepted_total{door="hook",verdict="received"}' in told
    assert 'leads_refused_total{door="hook",reason="unverified"}' in told
    assert source.source.key not in told
    assert source.source.uid not in told


@pytest.mark.parametrize("strange", ["%ZZ", "a=1&a=2", "a[b]=c", "a=%FF"])
def test_it_reads_forms_patiently(partner: Partners, strange: str) -> None:
    form = replace(SENDERS["json"], content_type="application/x-www-form-urlencoded")
    source = partner(form)
    assert source.post(f"email=ada%40example.org&{strange}".encode()).status_code == 200
    assert source.work() == ["created"]


def test_it_is_not_shared_between_sources(partner: Partners) -> None:
    first: Any = partner(SENDERS["typeform"], name="one")
    second = partner(SENDERS["typeform"], name="two", secret="another-secret")
    assert second.post(secret=first.sender.secret).status_code == 401
    assert (first.post().status_code, second.post(secret="another-secret").status_code) == (200, 200)
