"""Every refusal of seed 004 for a new lead, in its words, and what it leaves behind."""

from typing import Any

import pytest
from sqlmodel import Session, select

from models.lead import Lead
from models.receipt import Receipt
from tests.crm.conftest import ADA, Member
from tests.support.web import Client

PATH = "/leads/create/lead/"
REQUIRED, BLANK = "This field is required.", "This field may not be blank."
LONG = "Ensure this field has no more than 255 characters."
PHONE = "Phone number must be entered in the format: '999999999'. Up to 15 digits allowed."

ROWS: list[tuple[str, str, str]] = [
    *((name, "", BLANK) for name in ("first_name", "last_name", "email", "phone", "assignee")),
    *((name, "x" * 256, LONG) for name in ("first_name", "last_name", "location", "message")),
    ("email", f"{'x' * 250}@example.org", LONG),
    ("email", "ada", "Invalid email."),
    ("email", "ada@", "Invalid email."),
    ("phone", "12345678", PHONE),
    ("phone", "415-555-0199", PHONE),
    ("phone", "1234567890123456789", PHONE),
    ("phone", "４１５５５５０１９９", PHONE),
    ("status", "hot", "hot is not a valid choice."),
    ("source", "Carrier pigeon", "Carrier pigeon is not a valid choice."),
    ("assignee", "nobody", "Assignee not found."),
]


@pytest.mark.parametrize("name", ["first_name", "last_name", "email", "phone"])
def test_it_works(grace: Member, name: str) -> None:
    fields = {other: value for other, value in ADA.items() if other != name}
    assert grace.errors("POST", PATH, 400, data=fields) == {name: [REQUIRED]}


@pytest.mark.parametrize(("name", "value", "message"), ROWS)
def test_it_refuses(grace: Member, session: Session, name: str, value: str, message: str) -> None:
    assert grace.errors("POST", PATH, 400, data=ADA | {name: value}) == {name: [message]}
    receipts = session.exec(select(Receipt).where(Receipt.business_id == grace.business.id)).all()
    assert [(one.door, one.verdict, one.reason) for one in receipts] == [("crm", "refused", "invalid")]
    assert session.exec(select(Lead).where(Lead.business_id == grace.business.id)).all() == []


def test_it_names_all_at_once(grace: Member) -> None:
    sent = {"first_name": " ", "email": "ada", "status": "hot"}
    assert grace.errors("POST", PATH, 400, data=sent) == {
        "first_name": [BLANK],
        "last_name": [REQUIRED],
        "email": ["Invalid email."],
        "phone": [REQUIRED],
        "status": ["hot is not a valid choice."],
    }


def test_it_names_all_that_an_empty_body_lacks(grace: Member) -> None:
    needed = ("first_name", "last_name", "email", "phone")
    assert grace.errors("POST", PATH, 400) == {name: [REQUIRED] for name in needed}


def test_it_knows_no_assignee_of_another_business(grace: Member, alan: Member, stranger: Member) -> None:
    assert stranger.errors("POST", PATH, 400, data=ADA | {"assignee": "alan"}) == {
        "assignee": ["Assignee not found."]
    }
    assert alan.lead(assignee="grace")


@pytest.mark.parametrize("value", [True, ["Ada"], {"x": "y"}, "A\x00da"])
def test_it_wants_text(grace: Member, value: Any) -> None:
    errors = grace.errors("POST", PATH, 400, json=ADA | {"first_name": value})
    assert list(errors) == ["first_name"]


@pytest.mark.parametrize(
    "phone", [4155550199, "+4155550199", "+14155550199", "123456789", "1123456789012345"]
)
def test_it_takes_numbers_of_nine_to_fifteen_digits(grace: Member, phone: object) -> None:
    assert grace.ask("POST", PATH, json=ADA | {"phone": phone}).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"first_name": ', "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"<lead/>", "application/xml", 415),
        (b"first_name=%00", "application/x-www-form-urlencoded", 400),
        (b"first_name=%ff", "application/x-www-form-urlencoded", 400),
        (b"--x", "multipart/form-data", 400),
        (b"x" * 300_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_it_refuses_a_body_that_is_none(
    grace: Member, session: Session, body: bytes, content_type: str, status: int
) -> None:
    grace.errors("POST", PATH, status, content=body, headers={"Content-Type": content_type})
    [receipt] = session.exec(select(Receipt).where(Receipt.business_id == grace.business.id)).all()
    assert receipt.verdict == "refused"


def test_it_refuses_a_query_that_no_text_can_hold(grace: Member, client: Client) -> None:
    answer = client.post("/crm/v1/create/lead/?first_name=%ED%A0%80%00", headers=grace.headers)
    assert answer.status_code == 400
    assert answer.json()["errors"]["first_name"] == ["Null characters are not allowed."]
