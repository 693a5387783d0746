"""Zendesk Sell's official Python client and its own test suite, both as they come, against our server."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.sell.conftest import Seller
from tests.support.web import listening

basecrm: Any = importlib.import_module("basecrm")  # It has no types.

# Those of its services that we serve.
SUITES = (
    "accounts", "associated_contacts", "contacts", "deal_sources", "deal_unqualified_reasons", "deals",
    "lead_sources", "lead_unqualified_reasons", "leads", "loss_reasons", "notes", "pipelines", "sources",
    "stages", "tags", "tasks", "text_messages", "users", "visit_outcomes", "visits",
)  # fmt: skip
# The other tests of its transport talk to the vendor's own host, whatever address they are given.
TRANSPORT = ("invalid_request_error", "invalid_payload_error")
CASES = [f"basecrm.test.test_{name}_service" for name in SUITES] + [
    f"basecrm.test.test_http_client.HttpClientTests.test_{name}" for name in TRANSPORT
]


@pytest.fixture
def url(unlimited: None) -> Iterator[str]:
    with listening() as url:
        yield url


@pytest.fixture
def sell(url: str, seller: Seller) -> Any:
    return basecrm.Client(access_token=seller.token, base_url=url, user_agent="tests/1.0")


def test_it_works(sell: Any) -> None:
    lead = sell.leads.create(last_name="Lovelace", email="ada@example.org", tags=["oak"])
    assert sell.leads.retrieve(lead.id) == lead
    assert sell.leads.list(ids=lead.id) == [lead]
    assert sell.leads.update(lead.id, first_name="Ada").first_name == "Ada"
    assert sell.leads.destroy(lead.id) is True
    with pytest.raises(basecrm.RequestError) as gone:
        sell.leads.retrieve(lead.id)
    assert gone.value.http_status == 404


def test_it_serves_contacts_and_deals(sell: Any) -> None:
    contact = sell.contacts.create(name="Acme", is_organization=True)
    deal = sell.deals.create(name="Chairs", contact_id=contact.id, value=Decimal("1000.50"))
    assert deal.value == Decimal("1000.50")
    assert deal.organization_id == contact.id
    assert sell.deals.update(deal.id, value=7).value == Decimal(7)
    assert [one.value for one in sell.deals.list()] == [Decimal(7)]
    assert sell.contacts.update(contact.id, contact) == contact
    assert sell.associated_contacts.list(deal.id) == []


def test_it_serves_notes_tasks_and_tags(sell: Any) -> None:
    lead = sell.leads.create(last_name="Lovelace", tags=["oak"])
    note = sell.notes.create(resource_type="lead", resource_id=lead.id, content="Called")
    task = sell.tasks.create(resource_type="lead", resource_id=lead.id, content="Call again")
    assert sell.notes.retrieve(note.id).resource_id == lead.id
    assert sell.tasks.update(task.id, completed=True).completed is True
    assert [tag.name for tag in sell.tags.list(resource_type="lead")] == ["oak"]


def test_it_serves_who_speaks(sell: Any, seller: Seller) -> None:
    assert sell.accounts.self().name == seller.business.name
    assert sell.users.self() == sell.users.list()[0]
    assert sell.users.retrieve(sell.users.self().id).role == "admin"


def test_it_runs_the_clients_own_suite(url: str, seller: Seller) -> None:
    settings = {"BASECRM_ACCESS_TOKEN": seller.token, "BASECRM_BASE_URL": url}
    command = [sys.executable, "-W", "ignore", "-m", "unittest", *CASES]
    run = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, timeout=150, check=False
    )
    assert run.returncode == 0, run.stderr[-6000:]
    assert "OK" in run.stderr
