"""Who may post to leadgen, and what a caller gets who posts again with an Idempotency-Key."""

import json
from typing import Any

import pytest

from models.business import Business, TokenKind
from models.database import transaction
from models.enquiry import Enquiry
from models.lead import Lead
from models.operations.tokens import issue
from models.receipt import Receipt
from tests.conftest import founded
from tests.intake.leadgen import MINIMAL, URL, Client, rows


def kept(business: Business) -> list[tuple[str, str, Any]]:
    """What receipts say, and the document that came."""
    receipts = rows(Receipt, business)
    return [(receipt.verdict, receipt.reason, json.loads(receipt.body)) for receipt in receipts]


class TestWhoMaySpeak:
    @pytest.mark.parametrize("header", [None, "Bearer", "Bearer tg_live_" + "x" * 56, "Basic YTpi"])
    def test_it_refuses_strangers(self, client: Client, business: Business, header: str | None) -> None:
        answer = client.post(URL, headers={"Authorization": header} if header else {}, json=MINIMAL)
        assert (answer.status_code, answer.json()) == (
            401,
            {"message": "401 Unauthorized", "status": "Failure"},
        )
        assert rows(Receipt, business) == []

    def test_it_takes_the_token_in_every_spelling(self, client: Client, token: str) -> None:
        for header in (f"bearer {token}", f'Token token="{token}"', token):
            assert client.post(URL, headers={"Authorization": header}, json=MINIMAL).status_code == 201

    @pytest.mark.parametrize("place", ["header", "body"])
    def test_it_refuses_another_business(
        self, client: Client, bearer: dict[str, str], business: Business, place: str
    ) -> None:
        other = founded()
        named = {"X-On-Behalf-Of": other.uid} if place == "header" else {}
        document = MINIMAL | ({"business_id": other.uid} if place == "body" else {})
        answer = client.post(URL, headers=bearer | named, json=document)
        assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})
        assert rows(Lead, other) == rows(Receipt, other) == []
        assert kept(business) == [("refused", "not_your_business", document)]

    @pytest.mark.parametrize("by", ["uid", "nickname"])
    def test_it_takes_its_own_business_by_any_name(
        self, client: Client, bearer: dict[str, str], business: Business, by: str
    ) -> None:
        name = getattr(business, by)
        for headers, body in (({"X-On-Behalf-Of": name}, {}), ({}, {"business_id": name})):
            assert client.post(URL, headers=bearer | headers, json=MINIMAL | body).status_code == 201

    @pytest.mark.parametrize("named", [True, ["acme"], {"uid": "acme"}, "x" * 201])
    def test_it_refuses_a_business_id_that_is_no_text(
        self, client: Client, bearer: dict[str, str], business: Business, named: object
    ) -> None:
        answer = client.post(URL, headers=bearer, json=MINIMAL | {"business_id": named})
        assert (answer.status_code, "business_id" in answer.json()["message"]) == (422, True)
        assert [receipt.verdict for receipt in rows(Receipt, business)] == ["refused"]

    def test_it_reads_a_number_as_the_name_of_a_business(
        self, client: Client, bearer: dict[str, str], business: Business
    ) -> None:
        with transaction() as session:
            session.get_one(Business, business.id).external_id = str(business.id)
        mine, others = ({"business_id": number} for number in (business.id, business.id + 1))
        assert client.post(URL, headers=bearer, json=MINIMAL | mine).status_code == 201
        assert client.post(URL, headers=bearer, json=MINIMAL | others).status_code == 401

    @pytest.mark.parametrize("blank", [None, "", "  "])
    def test_it_takes_a_blank_business_id_as_not_said(
        self, client: Client, bearer: dict[str, str], blank: str | None
    ) -> None:
        assert client.post(URL, headers=bearer, json=MINIMAL | {"business_id": blank}).status_code == 201

    def test_it_needs_the_scope(self, client: Client, business: Business) -> None:
        with transaction() as session:
            reader = issue(session, business=business, kind=TokenKind.APP, scopes=["leads:read"])
        answer = client.post(URL, headers={"Authorization": f"Bearer {reader}"}, json=MINIMAL)
        assert (answer.status_code, answer.json()["status"]) == (403, "Error")
        assert kept(business) == [("refused", "forbidden", MINIMAL)]


class TestIdempotencyKey:
    def test_it_answers_the_first_again(
        self, client: Client, bearer: dict[str, str], business: Business
    ) -> None:
        headers = bearer | {"Idempotency-Key": '"order-7"'}
        first = client.post(URL, headers=headers, json=MINIMAL)
        again = client.post(URL, headers=bearer | {"Idempotency-Key": "order-7"}, json=MINIMAL)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["idempotent-replayed"] == "true"
        assert len(rows(Enquiry, business)) == 1

    def test_it_refuses_another_request(
        self, client: Client, bearer: dict[str, str], business: Business
    ) -> None:
        headers = bearer | {"Idempotency-Key": "order-7"}
        client.post(URL, headers=headers, json=MINIMAL)
        answer = client.post(URL, headers=headers, json=MINIMAL | {"first_name": "Eve"})
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json()["message"]
        assert [receipt.verdict for receipt in rows(Receipt, business)] == ["created", "refused"]

    @pytest.mark.parametrize("key", ["", "x" * 256])
    def test_it_refuses_a_key_that_is_none(self, client: Client, bearer: dict[str, str], key: str) -> None:
        answer = client.post(URL, headers=bearer | {"Idempotency-Key": key}, json=MINIMAL)
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json()["message"]
