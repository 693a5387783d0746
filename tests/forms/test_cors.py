"""Which pages may send a form, and which scripts may read the answer."""

import pytest

from models.business import Business
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, JSON, leads, receipts, verdicts
from tests.support.web import Client

SITE = "https://acme.example.org"
STRANGERS = [
    "NULL",
    "null, https://acme.example.org",
    "https://acme.example.org.evil.example",
    "http://acme.example.org",
    "https://ACME.example.org",
    "https://acme.example.org:8443",
    "https://acme_example.org",
    "https://acmexexample.org",
    "https://sub.acme.example.org",
    "",
]


def test_it_works(client: Client, business: Business, form: Made) -> None:
    key = form(origins=[SITE]).key
    asked = {"Origin": SITE, "Access-Control-Request-Method": "POST"}
    before = client.options(f"/f/{key}", headers=asked)
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (204, SITE)
    assert "Content-Type" in before.headers["access-control-allow-headers"]
    answer = client.post(f"/f/{key}", json=FILLED, headers={"Origin": SITE})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, SITE)
    assert "access-control-allow-credentials" not in answer.headers
    assert len(leads(business)) == 1


@pytest.mark.parametrize("origin", STRANGERS)
def test_it_refuses_a_page_that_the_form_does_not_name(
    client: Client, business: Business, form: Made, origin: str
) -> None:
    key = form(origins=[SITE]).key
    for answer in (
        client.post(f"/f/{key}", data=FILLED, headers={"Origin": origin}),
        client.post(f"/f/{key}", json=FILLED, headers={"Origin": origin}),
        client.options(f"/f/{key}", headers={"Origin": origin}),
    ):
        assert answer.status_code in {403, 204}
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers.get("vary", "Origin") == "Origin"
    assert leads(business) == []
    assert all(b"Twenty" in receipt.body for receipt in receipts(business))
    assert verdicts(business) == [("refused", "origin")] * 2


def test_it_quarantines_what_a_page_sends_that_hides_where_it_is(
    client: Client, business: Business, form: Made, admin: dict[str, str]
) -> None:
    key, hidden = form(origins=[SITE]).key, {"Origin": "null"}
    sent = client.post(f"/f/{key}", data=FILLED, headers=hidden)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/f/{key}/thanks")
    wrong = client.post(f"/f/{key}", json={}, headers=hidden)
    asked = client.options(f"/f/{key}", headers=hidden | {"Access-Control-Request-Method": "POST"})
    for answer in (sent, wrong, asked):
        assert "access-control-allow-origin" not in answer.headers
    assert (wrong.status_code, leads(business)) == (422, [])
    assert verdicts(business)[0] == ("quarantined", "hidden_origin; score 50")
    receipt = sent.headers["x-request-id"]
    assert client.post(f"/intake/v1/quarantine/{receipt}/release", headers=admin).status_code == 200
    assert [lead.email for lead in leads(business)] == ["Ada@example.org"]


def test_it_lets_a_script_read_what_is_wrong(client: Client, form: Made) -> None:
    key = form(origins=[SITE]).key
    answer = client.post(f"/f/{key}", json={}, headers={"Origin": SITE})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (422, SITE)
    assert answer.headers["vary"] == "Origin"


def test_it_takes_its_own_page_and_callers_without_an_origin(
    client: Client, business: Business, form: Made
) -> None:
    key = form(origins=[SITE]).key
    for number, headers in enumerate(({}, {"Origin": "http://localhost:8000"}, {"Origin": SITE})):
        sent = client.post(f"/f/{key}", data=FILLED | {"message": str(number)}, headers=headers)
        assert sent.status_code == 303
    assert len(verdicts(business)) == 3


def test_it_takes_every_page_where_the_form_names_none(client: Client, form: Made) -> None:
    answer = client.post(f"/f/{form().key}", data=FILLED, headers=JSON | {"Origin": "null"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_it_serves_no_other_method(client: Client, form: Made, method: str) -> None:
    assert client.request(method, f"/f/{form().key}").status_code == 405


def test_a_script_of_any_page_may_send_a_form_that_names_none(
    client: Client, business: Business, form: Made
) -> None:
    key = form(origins=[]).key
    asked = client.options(f"/f/{key}", headers={"Origin": SITE, "Access-Control-Request-Method": "POST"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
    assert "Content-Type" in asked.headers["access-control-allow-headers"]
    answer = client.post(f"/f/{key}", json=FILLED, headers={"Origin": SITE})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert len(leads(business)) == 1
