"""What the desk shows to whoever is signed in."""

import uuid
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import update
from sqlmodel import col

from intake.desk.overview import lasting
from models.business import Business, TokenKind
from models.database import transaction
from models.delivery import Channel, Delivery, DeliveryState
from models.identifiers import EmailAddress, new_uid
from models.job import Job, JobKind, JobState
from models.lead import IdentityKind
from models.operations.capture import capture_lead
from models.operations.commands import Arrival, CaptureLead
from models.operations.overview import change_of, masked
from models.operations.tokens import issue
from models.receipt import Receipt, Verdict
from models.unseen import UNSEEN

Browser = TestClient[Litestar]

HOSTILE = "<script>alert(1)</script>"


def arrival(business: Business) -> Arrival:
    return Arrival(uid=new_uid(), business_id=business.id, door="leadgen", body=b"{}")


def asked(business: Business, email: str, **fields: object) -> None:
    """One request of a person who is known by an address."""
    given: dict[str, Any] = {"first_name": "Ada", "last_name": "Lovelace", **fields}
    command = CaptureLead(
        arrival=arrival(business),
        match_on=IdentityKind.EMAIL,
        title="A chair",
        email=EmailAddress(email, email),
        notifications=frozenset({JobKind.OWNER_EMAIL}),
        **given,
    )
    with transaction() as session:
        capture_lead(session, command)


def sent(business: Business, recipient: str, **fields: object) -> None:
    """One message in the ledger."""
    given = {"channel": Channel.EMAIL, "template": "auto-reply", "state": DeliveryState.SENT, **fields}
    which = {"business_id": business.id, "job_id": 1, "cause": uuid.uuid4().hex, "recipient": recipient}
    with transaction() as session:
        session.add(Delivery.model_validate({**which, **given}))


def desk(browser: Browser, business: Business) -> str:
    """The page as a member of the business sees it."""
    with transaction() as session:
        told = issue(session, business=business, kind=TokenKind.STAFF)
    assert browser.post("/desk/login", data={"token": told}).status_code == 303
    answer = browser.get("/desk")
    assert answer.status_code == 200
    return answer.text


def test_it_works(browser: Browser, business: Business) -> None:
    asked(business, "ada@example.org")
    asked(business, "ada@example.org", phone="+14155550123", first_name="Augusta")
    sent(business, "ada@example.org", attempts=3)
    shown = desk(browser, business)

    assert business.name in shown
    for text in ("notify.email", "notify.sms", "leadgen", "created", "updated", "Ada Lovelace", "auto-reply"):
        assert text in shown
    assert "filled phone" in shown
    assert "kept first_name" in shown
    assert '<td class="number">3</td>' in shown
    assert 'href="/inbox"' in shown
    assert 'href="/metrics"' in shown


def test_it_shows_no_other_business(browser: Browser, business: Business, other: Business) -> None:
    asked(other, "secret@example.org", first_name="Nobody", last_name="Elsewhere")
    sent(other, "zoe@example.net", template="others-template")
    shown = desk(browser, business)

    assert "Elsewhere" not in shown
    assert "others-template" not in shown
    assert other.name not in shown
    assert "Nothing has come in yet." in shown
    assert "Nothing has gone out yet." in shown
    assert "No requests." in shown
    assert "No messages." in shown
    assert '<td class="number">1</td>' not in shown


def test_it_escapes_what_people_wrote(browser: Browser, business: Business) -> None:
    asked(business, "eve@example.org", first_name=HOSTILE, last_name='"><img src=x>')
    sent(business, "eve@example.org", reason=HOSTILE)
    shown = desk(browser, business)

    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


def test_it_shows_no_character_that_is_not_seen(browser: Browser, business: Business) -> None:
    asked(business, "eve@example.org", first_name="\u202eevE\u2066\u200b", last_name="\u200fA\u200dB<\ufeff")
    sent(business, "\u202eeve@example.org")
    shown = desk(browser, business)

    assert "evE A\u200dB&lt;" in shown
    assert UNSEEN.search(shown) is None


def test_it_masks_recipients(browser: Browser, business: Business) -> None:
    asked(business, "ada@example.org")
    sent(business, "ada@example.org")
    sent(business, "+14155550123", channel=Channel.SMS, template="owner-sms")
    shown = desk(browser, business)

    assert "a***@e***.org" in shown
    assert "+1***23" in shown
    assert "ada@example.org" not in shown
    assert "4155550123" not in shown


def test_it_shows_refusals_with_their_reason(browser: Browser, business: Business) -> None:
    given = {"uid": new_uid(), "business_id": business.id, "door": "leadgen", "body": b"{}"}
    refused = Receipt.model_validate({**given, "verdict": Verdict.REFUSED, "reason": "bad_email"})
    with transaction() as session:
        session.add(refused)
    shown = desk(browser, business)

    assert '<span class="badge bad">refused</span>' in shown
    assert "bad email" in shown


def test_it_tells_what_is_dead(browser: Browser, business: Business) -> None:
    asked(business, "ada@example.org")
    with transaction() as session:
        ours = col(Job.business_id) == business.id
        session.execute(update(Job).where(ours).values(state=JobState.DEAD))
    shown = desk(browser, business)

    assert '<span class="badge bad">1</span>' in shown
    assert 'class="verdict good"' not in shown


def test_it_shows_the_newest_fifty(browser: Browser, business: Business) -> None:
    for number in range(52):
        sent(business, f"a{number}@example.org", reason=f"number {number:03}")
    shown = desk(browser, business)

    assert "number 051" in shown
    assert "number 002" in shown
    assert "number 001" not in shown


def test_it_refreshes_until_told_not_to(browser: Browser, business: Business) -> None:
    assert 'http-equiv="refresh" content="10"' in desk(browser, business)
    assert "http-equiv" not in browser.get("/desk?refresh=off").text


def test_it_loads_and_runs_nothing(browser: Browser, business: Business) -> None:
    desk(browser, business)
    answer = browser.get("/desk")

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("recipient", "shown"),
    [
        ("ada@example.org", "a***@e***.org"),
        ("ada@mail.example.co.uk", "a***@m***.uk"),
        ("ada@localhost", "a***@l***"),
        ('"a@b"@example.org', '"***@e***.org'),
        ("+14155550123", "+1***23"),
        ("12345", "***"),
        ("channel:7", "channel:7"),
        ("", ""),
    ],
)
def test_it_masks_every_kind_of_recipient(recipient: str, shown: str) -> None:
    assert masked(recipient) == shown


def test_it_says_a_change_in_short() -> None:
    lines = [
        {"field": "phone", "rule": "filled", "was": "", "sent": "1"},
        {"field": "first_name", "rule": "kept", "was": "A", "sent": "B"},
        {"field": "address", "rule": "filled", "was": "", "sent": "C"},
    ]

    assert change_of(lines, conflict=False) == "filled phone, address; kept first_name"
    assert change_of([], conflict=True) == "identity conflict"
    assert change_of([], conflict=False) == ""


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0 s"), (59.9, "59 s"), (60.0, "1 min"), (7300.0, "2 h"), (200_000.0, "2 d")]
)
def test_it_says_how_long(seconds: float, shown: str) -> None:
    assert lasting(seconds) == shown
