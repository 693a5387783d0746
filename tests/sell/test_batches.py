"""Conversions by a worker: `Prefer: respond-async` on /v2/lead_conversions (issue 3; RFC 7240)."""

import pytest

from models.database import transaction
from models.operations.convert_later import convert_item
from tests.sell.conftest import Seller
from tests.sell.test_contacts import fields
from tests.sell.test_conversions import ROOT, lead_of

LATER = {"Prefer": "respond-async"}


def test_it_works(seller: Seller) -> None:
    leads = [lead_of(seller), lead_of(seller), 10**17]
    answer = seller.post("/lead_conversions", {"lead_ids": leads}, headers=LATER)
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "respond-async"
    status = answer.headers["location"].removeprefix(ROOT)
    assert answer.json()["meta"]["links"]["self"] == answer.headers["location"]
    assert seller.get(status).json() == answer.json()
    assert answer.json()["data"]["status"] == "running"
    work(seller)
    shown = seller.get(status).json()["data"]
    assert (shown["status"], shown["pending"], shown["converted"], shown["refused"]) == ("complete", 0, 2, 1)
    assert [one["lead_id"] for one in shown["leads"]] == leads
    assert [one["status"] for one in shown["leads"]] == ["converted", "converted", "refused"]
    assert shown["leads"][2]["reason"]
    assert len(seller.listed("/lead_conversions")) == 2


def work(seller: Seller) -> None:
    """What a worker does with the batch's jobs."""
    with transaction() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT id FROM conversion_item WHERE business_id = %s", (seller.business.id,)
        )
        for (item,) in rows.fetchall():
            convert_item(session, item)


def test_it_converts_one_by_a_worker(seller: Seller) -> None:
    answer = seller.post(
        "/lead_conversions", {"lead_id": lead_of(seller)}, headers={"Prefer": "wait=5, Respond-Async"}
    )
    assert answer.status_code == 202
    assert len(answer.json()["data"]["leads"]) == 1


@pytest.mark.parametrize("leads", [[], [1] * 1001, "1", [None], ["x"]])
def test_it_refuses_a_batch_that_is_none(seller: Seller, leads: object) -> None:
    answer = seller.post("/lead_conversions", {"lead_ids": leads}, headers=LATER)
    assert answer.status_code == 422
    assert fields(answer)[0][0] == "/lead_ids"
