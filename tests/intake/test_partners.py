"""POST /v1/partners/leads, seen from outside (wire.md 1.2)."""

import uuid

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import col, select

from models.business import Business, Directory, TokenKind
from models.database import transaction
from models.enquiry import Enquiry
from models.identifiers import new_uid
from models.lead import Lead
from models.operations.tokens import issue
from models.receipt import Receipt

URL = "/v1/partners/leads"
Client = TestClient[Litestar]


@pytest.fixture
def partner(business: Business) -> dict[str, str]:
    """The headers of a directory that holds the business."""
    with transaction() as session:
        directory = Directory(uid=new_uid(), name=uuid.uuid4().hex)
        session.add(directory)
        session.flush()
        session.get_one(Business, business.id).directory_id = directory.id
        token = issue(session, directory=directory, kind=TokenKind.DIRECTORY)
    return {"Authorization": f'Token token="{token}"'}


def document(business: Business, **change: object) -> dict[str, object]:
    minimal = {
        "business_id": business.uid,
        "identifier_type": "email",
        "email": "ada@example.org",
        "first_name": "Ada",
        "request_title": "A chair",
        "request_data": {"Wood": "oak"},
    }
    return {name: value for name, value in (minimal | change).items() if value is not None}


def test_it_works(client: Client, partner: dict[str, str], business: Business) -> None:
    answer = client.post(URL, headers=partner, json=document(business))
    with transaction() as session:
        enquiry = session.exec(select(Enquiry).where(Enquiry.business_id == business.id)).one()
    assert (answer.status_code, answer.json()) == (201, {"uid": enquiry.uid})


def test_it_takes_what_a_php_client_sends(
    client: Client, partner: dict[str, str], business: Business
) -> None:
    form = document(business, request_data=None, notifications="auto_reply, email, sms")
    form |= {"request_data[First name]": "Ada", "request_data[Wood]": "oak"}
    assert client.post(URL, headers=partner, data=form).status_code == 201


def test_a_directory_speaks_for_its_businesses_at_the_platform_door_too(
    client: Client, partner: dict[str, str], business: Business
) -> None:
    headers = partner | {"X-On-Behalf-Of": business.nickname}
    sent = document(business, business_id=None)
    assert client.post("/platform/v1/leadgen", headers=headers, json=sent).status_code == 201
    nameless = client.post("/platform/v1/leadgen", headers=partner, json=sent)
    assert (nameless.status_code, nameless.json()) == (
        400, {"status": "Error", "message": "Mandatory parameter business_id is missing"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"request_title": None}, "Mandatory parameter request_title is missing"),
        ({"first_name": None}, "Mandatory parameter first_name is missing"),
        ({"identifier_type": None}, "Mandatory parameter identifier_type is missing"),
        ({"business_id": None}, "Mandatory parameter business_id is missing"),
        (
            {"request_data": None},
            "Missing request_data and system_message parameters. At least one is required",
        ),
        ({"identifier_type": "phone"}, "identifier_type must be email or unique_id"),
    ],
)
def test_it_answers_422_with_a_list_of_sentences(
    client: Client, partner: dict[str, str], business: Business, change: dict[str, object], said: str
) -> None:
    answer = client.post(URL, headers=partner, json=document(business, **change))
    assert (answer.status_code, answer.json()) == (422, [said])
    with transaction() as session:
        assert session.exec(select(Lead).where(Lead.business_id == business.id)).all() == []


def test_it_is_for_directories_only(client: Client, token: str, business: Business) -> None:
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        answer = client.post(URL, headers=headers, json=document(business))
        assert (answer.status_code, answer.text) == (401, "HTTP Token: Access denied.\n")


def test_it_refuses_a_business_of_another_directory(client: Client, partner: dict[str, str]) -> None:
    from tests.conftest import founded  # noqa: PLC0415 - a helper, not a fixture

    answer = client.post(URL, headers=partner, json=document(founded()))
    assert (answer.status_code, answer.text) == (401, "HTTP Token: Access denied.\n")


def test_it_keeps_a_receipt_as_soon_as_the_business_is_known(
    client: Client, partner: dict[str, str], business: Business
) -> None:
    headers = partner | {"X-On-Behalf-Of": business.uid}
    assert client.post(URL, headers=headers, content=b"{}").status_code == 415
    assert client.post(URL, headers=headers, content=b"x" * 262_145).status_code == 413
    assert client.post(URL, headers=partner, json=document(business, business_id=None)).status_code == 422
    with transaction() as session:
        mine = select(Receipt).where(Receipt.business_id == business.id)
        kept = session.exec(mine.order_by(col(Receipt.id))).all()
    assert [(receipt.verdict, receipt.reason) for receipt in kept] == [
        ("refused", "unsupported_type"),
        ("refused", "too_large"),
    ]
