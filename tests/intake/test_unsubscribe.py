"""/unsubscribe/{token}, as a mail program and its reader use it."""

import secrets
import uuid
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import select

from models.business import Business
from models.database import transaction
from models.delivery import Channel, Delivery, DeliveryState, Suppression
from tests.support.web import started

Browser = TestClient[Litestar]

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def browser(database: str) -> Iterator[Browser]:
    with started() as client:
        yield client


@pytest.fixture
def link(business: Business) -> str:
    """What the List-Unsubscribe header of a message to Ada names."""
    token = secrets.token_urlsafe(24)
    row = {
        "business_id": business.id,
        "job_id": 1,
        "cause": uuid.uuid4().hex,
        "channel": Channel.EMAIL,
        "template": "auto-reply",
        "recipient": "ada@example.org",
        "state": DeliveryState.SENT,
        "unsubscribe_token": token,
    }
    with transaction() as session:
        session.add(Delivery.model_validate(row))
    return f"/unsubscribe/{token}"


def suppressed(business: Business) -> list[tuple[str, str, str]]:
    with transaction() as session:
        rows = session.exec(select(Suppression).where(Suppression.business_id == business.id)).all()
    return [(row.channel, row.address, row.reason) for row in rows]


def test_it_works(browser: Browser, business: Business, link: str) -> None:
    asked = browser.get(link)
    untouched = suppressed(business)
    done = browser.post(link, data=ONE_CLICK)

    assert (asked.status_code, business.name in asked.text, '<form method="post">' in asked.text) == (
        200,
        True,
        True,
    )
    assert untouched == []
    assert (done.status_code, business.name in done.text, "<form" in done.text) == (200, True, False)
    assert suppressed(business) == [("email", "ada@example.org", "unsubscribed")]


def test_it_changes_nothing_when_a_scanner_looks(browser: Browser, business: Business, link: str) -> None:
    answers = [browser.get(link), browser.get(link), browser.head(link), browser.options(link)]

    assert suppressed(business) == []
    assert answers[0].headers["cache-control"] == "no-store"


def test_it_may_be_said_twice(browser: Browser, business: Business, link: str) -> None:
    answers = [browser.post(link, data=ONE_CLICK).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert len(suppressed(business)) == 1


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", ""),
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (b"\xff", "text/plain"),
    ],
)
def test_it_takes_whatever_body_a_mail_program_sends(
    browser: Browser, business: Business, link: str, body: bytes, content_type: str
) -> None:
    # RFC 8058 section 3.1: no cookie, no authorization and no other context comes with it.
    answer = browser.post(link, content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 200
    assert len(suppressed(business)) == 1


def test_it_takes_forms_of_other_sites(browser: Browser, business: Business, link: str) -> None:
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}

    assert browser.post(link, data=ONE_CLICK, headers=headers).status_code == 200
    assert len(suppressed(business)) == 1


@pytest.mark.parametrize("token", ["unknown", "%00", "a%00b", "%ff", "'--", "a" * 5000, "%F0%9F%92%A9"])
def test_it_answers_404_to_an_unknown_link(browser: Browser, token: str) -> None:
    for answer in (browser.get(f"/unsubscribe/{token}"), browser.post(f"/unsubscribe/{token}")):
        assert (answer.status_code, answer.text) == (404, "This link is not known.\n")


def test_it_escapes_the_name_of_the_business(browser: Browser, business: Business, link: str) -> None:
    with transaction() as session:
        session.merge(business).name = "<b>Acme</b>"

    assert "&lt;b&gt;Acme&lt;/b&gt;" in browser.get(link).text
    assert "<b>" not in browser.post(link).text
