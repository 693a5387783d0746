"""Signatures and credentials: what is believed, and what is not (reliability.md P19, attacks 60 to 66)."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from intake.hooks import signature, standard_webhooks
from intake.hooks.sent import BadDelivery, Sent, Unverified
from models.database import transact
from models.operations.sources.manage import RotateSecret, rotate_secret
from tests.hooks.conftest import PUBLIC, Partners
from tests.hooks.senders import SENDERS, SIGNED, THIN
from tests.hooks.signing import OTHER_WHSEC, SECRET, WHSEC, hexed, standard
from tests.support.web import Client

NOW = 1_800_000_000.0
BODY = b'{"a": 1}'
GOOD = standard(WHSEC, BODY, NOW, "")


def sent(headers: Mapping[str, str], body: bytes = BODY, now: float = NOW) -> Sent:
    lower = {name.lower(): [value] for name, value in headers.items()}
    return Sent(method="POST", url="https://x", headers=lower, body=body, now=now)


def accepted(headers: Mapping[str, str], body: bytes = BODY) -> bool:
    try:
        standard_webhooks.verify(WHSEC, {}, sent(headers, body))
    except Unverified:
        return False
    return True


def test_it_works() -> None:
    assert accepted(GOOD)


@pytest.mark.parametrize(
    ("changed", "is_good"),
    [
        ("", False),
        ("v1", False),
        ("v1,,{v}", False),
        ("v1,not base64", False),
        ("v1,\u00fc", False),
        ("v1a,{v}", False),
        ("v2,{v} v1,{v}", True),
        ("{v} v1,{v}", True),
        ("v1,AAAA " * 7 + "v1,{v}", True),
        ("v1,AAAA " * 8 + "v1,{v}", False),
        ("v1,AAAA " * 10_000, False),
        ("v1,{v}=", False),
    ],
)
def test_it_examines_eight_signatures_and_no_strange_one(changed: str, *, is_good: bool) -> None:
    value = GOOD["webhook-signature"].removeprefix("v1,")
    assert accepted({**GOOD, "webhook-signature": changed.replace("{v}", value)}) is is_good


@pytest.mark.parametrize(
    "stamp",
    ["", "nan", "1e400", "1800000000.0", " 1800000000", "1_800_000_000", "-1", "9" * 30, "+1800000000", "0",
     "01800000000", "1800000301", "1799999699", "\u0661"],
)  # fmt: skip
def test_it_takes_only_canonical_times_of_about_now(stamp: str) -> None:
    assert not accepted({**GOOD, "webhook-timestamp": stamp})


@pytest.mark.parametrize("number", ["a.b", "x" * 10_240, "nul\0", "'; DROP TABLE lead--"])
def test_it_refuses_an_id_that_it_cannot_keep(number: str) -> None:
    with pytest.raises(BadDelivery):
        standard_webhooks.verify(WHSEC, {}, sent(standard(WHSEC, BODY, NOW, "", number)))


def test_it_says_so_to_the_caller(partner: Partners) -> None:
    source = partner(SENDERS["standard-webhooks"])
    headers = standard(WHSEC, source.sender.body, time.time(), "", "a.b")
    answer = source.client.post(source.path, content=source.sender.body, headers=headers)
    assert (answer.status_code, "webhook-id" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!", "\u00fc", WHSEC[:-3]])
def test_it_survives_a_secret_that_is_none(secret: str) -> None:
    with pytest.raises(Unverified):
        standard_webhooks.verify(secret, {}, sent(GOOD))


@given(headers=strategies.dictionaries(strategies.sampled_from(list(GOOD)), strategies.text(max_size=80)))
@settings(max_examples=200)
def test_it_never_breaks_on_headers(headers: dict[str, str]) -> None:
    try:
        standard_webhooks.verify(WHSEC, {}, sent({**GOOD, **headers}))
    except (Unverified, BadDelivery):
        return
    assert all(GOOD[name] == value for name, value in headers.items())


@given(value=strategies.text(max_size=200), encoding=strategies.sampled_from(["hex", "base64"]))
@settings(max_examples=200)
def test_it_never_breaks_on_a_signature(value: str, encoding: str) -> None:
    options = (
        {"header": "X-Sig", "encoding": encoding, "field": "v1"} if "," in value else {"header": "X-Sig"}
    )
    with pytest.raises(Unverified):
        signature.verify(SECRET, options, sent({"X-Sig": value}))


def test_it_reads_hexadecimal_in_either_case() -> None:
    value = hexed(SECRET, BODY)
    for one in (value, value.upper()):
        signature.verify(SECRET, {"header": "X-Hub-Signature-256"}, sent({"x-hub-signature-256": one}))


def test_it_refuses_a_header_that_is_there_twice(partner: Partners) -> None:
    source = partner(SENDERS["typeform"])
    headers = [*source.sender.headers().items(), ("Typeform-Signature", "sha256=AAAA")]
    answer = source.client.post(source.path, content=source.sender.body, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic \u00fc",
        "Bearer zap:a-password",
        "Basic emFwOmE=",
        "Basic " + "A" * 9999,
    ],
)
def test_it_refuses_other_credentials(partner: Partners, header: str) -> None:
    source = partner(SENDERS["zapier"])
    sent_headers = {b"Authorization": header.encode("latin-1")}
    assert source.client.post(source.path, content=b"{}", headers=sent_headers).status_code == 401


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"nonsense", b'{"google_key": ["x"]}', b'{"google_key": null}']
)
def test_it_refuses_google_without_the_key(partner: Partners, body: bytes) -> None:
    assert partner(SENDERS["google-ads"]).post(body).status_code == 401


@pytest.mark.parametrize("name", ["typeform", "standard-webhooks", "zapier", "hubspot"])
def test_it_takes_both_secrets_while_one_follows_the_other(partner: Partners, name: str) -> None:
    sender = SIGNED[name]
    source = partner(sender)
    new = OTHER_WHSEC if sender.secret.startswith("whsec_") else "zap:another-secret"
    assert source.post().status_code == 200
    transact(rotate_secret, RotateSecret(source=source.source.uid, secret=new))
    assert (source.post(secret=new).status_code, source.post().status_code) == (200, 200)


@pytest.mark.parametrize("after", ["", "/"])
def test_it_knows_its_published_address_though_a_proxy_adds_a_slash(partner: Partners, after: str) -> None:
    source = partner(SIGNED["hubspot"])
    sent, headers = source.sender.body, source.sender.headers(url=f"{PUBLIC}{source.path}")
    assert source.client.post(f"{source.path}{after}", content=sent, headers=headers).status_code == 200


def test_it_forgets_the_old_secret_after_the_overlap(partner: Partners) -> None:
    source = partner(SENDERS["typeform"])
    change = RotateSecret(source=source.source.uid, secret="another-secret", overlap=timedelta(0))
    transact(rotate_secret, change)
    assert (source.post().status_code, source.post(secret="another-secret").status_code) == (401, 200)


class TestChallenge:
    def test_it_answers_meta(self, partner: Partners) -> None:
        source = partner(THIN["meta"])
        asked = {
            "hub.mode": "subscribe",
            "hub.verify_token": source.source.key,
            "hub.challenge": "1158201444",
        }
        answer = source.client.get(source.path, params=asked)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        assert answer.headers["content-type"].startswith("text/plain")
        assert source.client.get(source.path, params={**asked, "hub.verify_token": "x"}).status_code == 403
        assert source.client.get(source.path, params={**asked, "hub.challenge": "<b>"}).status_code == 400
        assert source.client.get(source.path).status_code == 403

    def test_it_answers_linkedin(self, partner: Partners) -> None:
        source = partner(THIN["linkedin"])
        code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
        answer: Any = source.client.get(source.path, params={"challengeCode": code})
        assert answer.json() == {"challengeCode": code, "challengeResponse": hexed(SECRET, code.encode())}
        assert source.client.get(source.path).status_code == 400

    def test_it_answers_nobody_else(self, client: Client) -> None:
        assert client.get(f"/hooks/{'0' * 40}").status_code == 404
