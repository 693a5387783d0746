"""Each sender's documented sample, signed as it signs, becomes the right lead without a line of code."""

from dataclasses import replace

import pytest

from models.business import Business
from models.enquiry import Enquiry
from models.job import MESSAGE_KINDS, Job
from models.lead import Lead
from models.receipt import Receipt
from tests.hooks.conftest import PUBLIC, Partners
from tests.hooks.senders import SENDERS, SIGNED, Sender
from tests.hooks.signing import OTHER_WHSEC
from tests.intake.leadgen import rows

senders = pytest.mark.parametrize("sender", SENDERS.values(), ids=SENDERS)


@senders
def test_it_works(partner: Partners, business: Business, sender: Sender) -> None:
    source = partner(sender, notifications=("auto-reply", "email"))
    answer = source.post()
    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    assert source.verdicts() == ["received"]
    assert source.work() == ["created"]
    lead, enquiry = rows(Lead, business)[0], rows(Enquiry, business)[0]
    assert (lead.first_name, lead.last_name, lead.email) == ("Ada", "Lovelace", "ada@example.org")
    assert "oak" in enquiry.request_data.values()
    assert "ada@example.org" not in enquiry.request_data.values()
    assert [job.kind for job in rows(Job, business) if job.kind in MESSAGE_KINDS] == [
        "auto_reply",
        "owner_email",
    ]


@senders
def test_it_takes_a_delivery_once_however_often_it_comes(
    partner: Partners, business: Business, sender: Sender
) -> None:
    source = partner(sender)
    assert [source.post().status_code for _ in range(3)] == [200] * 3
    source.work()
    assert source.post().status_code == 200
    assert source.work() == ["created"]
    assert len(rows(Enquiry, business)) == 1


FAULTS = [
    (name, fault)
    for name, one in SIGNED.items()
    for fault in ("wrong secret", "re-serialised", "truncated", "unsigned", "cut signature")
    # Credentials in a header vouch for no body.
    if one.scheme is None or fault not in ("re-serialised", "truncated")
]


@pytest.mark.parametrize(("name", "fault"), FAULTS)
def test_it_refuses_what_nobody_vouches_for(partner: Partners, name: str, fault: str) -> None:
    sender = SIGNED[name]
    source = partner(sender)
    other = OTHER_WHSEC if sender.secret.startswith("whsec_") else "zap:other"
    secret = other if fault == "wrong secret" else sender.secret
    body, headers = sender.body, sender.headers(secret=secret, url=f"{PUBLIC}{source.path}")
    if fault == "re-serialised":
        body = body.replace(b": ", b":")
    elif fault == "truncated":
        body = body[:-1]
    elif fault == "unsigned":
        headers = {"Content-Type": sender.content_type}
    elif fault == "cut signature":
        headers = {key: value if key == "Content-Type" else value[:-3] for key, value in headers.items()}
    answer = source.client.post(source.path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (401, "Error")
    assert source.receipts() == []


@pytest.mark.parametrize("ago", [301, -302, 10**6])
@pytest.mark.parametrize(
    "sender",
    [one for one in SIGNED.values() if one.is_timed],
    ids=[k for k, v in SIGNED.items() if v.is_timed],
)
def test_it_refuses_a_stale_signature(partner: Partners, sender: Sender, ago: int) -> None:
    source = partner(sender)
    assert source.post(ago=ago).status_code == 401
    assert source.receipts() == []
    assert source.post(ago=290 if ago > 0 else -290).status_code == 200


def test_it_merges_a_person_who_is_known(partner: Partners, business: Business) -> None:
    first = partner(SENDERS["json"], name="one")
    second = partner(SENDERS["webflow"], name="two")
    first.post()
    second.post()
    assert (first.work(), second.work()) == (["created"], ["updated"])
    assert len(rows(Lead, business)) == 1


def test_it_marks_googles_trials_and_tells_nobody(partner: Partners, business: Business) -> None:
    sender = SENDERS["google-ads"]
    trial = replace(sender, document={**sender.document, "is_test": True})
    source = partner(trial, notifications=("auto-reply", "email", "sms"))
    source.post()
    assert source.work() == ["created"]
    assert rows(Lead, business)[0].tags == ["test"]
    assert [job.kind for job in rows(Job, business)] == ["receive"]
    assert rows(Receipt, business)[0].promised == 0


def test_it_takes_nobody_for_a_trial(partner: Partners, business: Business) -> None:
    sender = SENDERS["google-ads"]
    source = partner(sender)
    for number, is_test in enumerate((True, True, False, True)):
        source.send({**sender.document, "lead_id": f"lead-{number}", "is_test": is_test})
    assert source.work() == ["created"] * 4
    leads = rows(Lead, business)
    assert [(lead.email, lead.tags) for lead in leads] == [
        ("ada@example.org", ["test"]),
        ("ada@example.org", ["test"]),
        ("ada@example.org", []),
        ("ada@example.org", ["test"]),
    ]
