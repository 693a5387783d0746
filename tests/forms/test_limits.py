"""How much one address, one form and one recipient take, and what happens beyond."""

import pytest

from intake.app import create_app
from intake.forms.rates import USUAL, FormRates, Pace
from models.business import Business
from models.settings import Settings, settings
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, leads, verdicts
from tests.forms.test_folding import a_while_passes
from tests.support.web import Client


def posted(client: Client, key: str, number: int, **more: str) -> int:
    sent = FILLED | {"email": f"ada-{number}@example.org", "message": f"No. {number}"} | more
    return client.post(f"/f/{key}", data=sent).status_code


def test_it_works(client: Client, business: Business, form: Made) -> None:
    key = form(daily_limit=2).key
    assert [posted(client, key, number) for number in range(3)] == [303, 303, 303]
    assert verdicts(business) == [("created", ""), ("created", ""), ("quarantined", "daily_limit; score 0")]
    a_while_passes(24 * 3600)
    posted(client, key, 4)
    assert verdicts(business)[-1] == ("created", "")


def test_it_limits_what_one_recipient_gets(client: Client, business: Business, form: Made) -> None:
    key = form(recipient_limit=2, notifications=["auto-reply"]).key
    for number, address in enumerate(("victim@example.org", "VICTIM@example.org", "victim@Example.ORG")):
        posted(client, key, number, email=address)
    posted(client, key, 4, email="somebody@example.org")
    assert [one for one, _ in verdicts(business)] == ["created", "repeat", "quarantined", "created"]
    assert verdicts(business)[2][1] == "recipient_limit; score 0"


def test_it_notices_the_same_text_from_many_names(client: Client, business: Business, form: Made) -> None:
    key = form().key
    for number in range(21):
        posted(client, key, number, message="Visit my shop for the best prices in town")
    assert verdicts(business)[-2:] == [("created", ""), ("quarantined", "same_text; score 0")]


def test_it_minds_no_hidden_input_that_is_the_same_for_everybody(
    client: Client, business: Business, form: Made
) -> None:
    key = form().key
    for number in range(21):
        posted(client, key, number, page="https://shop.example.org/chairs")
    assert {verdict for verdict, _ in verdicts(business)} == {"created"}


def test_it_counts_no_recipient_to_whom_the_form_does_not_write(
    client: Client, business: Business, form: Made
) -> None:
    key = form(recipient_limit=1, notifications=["email"]).key
    for number in range(3):
        posted(client, key, number, email="ada@example.org")
    assert "quarantined" not in {verdict for verdict, _ in verdicts(business)}


@pytest.mark.parametrize("limit", ["FORM_RATE_ADDRESS", "FORM_RATE_FORM"])
def test_it_slows_a_script_down_and_keeps_what_a_browser_sends(
    client: Client, business: Business, form: Made, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setenv(limit, "1")
    settings.cache_clear()
    key = form().key
    with client_anew() as quick:
        assert posted(quick, key, 1) == 303
        machine = quick.post(f"/f/{key}", json=FILLED)
        assert (machine.status_code, machine.headers["retry-after"]) == (429, "60")
        assert posted(quick, key, 2) == 303
        flood = [posted(quick, key, number) for number in range(3, 15)]
        assert (flood[0], flood[-1]) == (303, 429)
        assert "wait" in quick.post(f"/f/{key}", data=FILLED).text
    rule = "address_rate" if limit.endswith("ADDRESS") else "form_rate"
    assert set(verdicts(business)) == {("created", ""), ("quarantined", f"{rule}; score 0")}
    assert len(leads(business)) == 1


def test_hurried_addresses_take_nothing_from_anybody_else() -> None:
    rates = rated(address=10, form=120)
    for address in ("hurried-1", "hurried-2"):
        paces = [rates.take(address, 1).pace for _ in range(1_300)]
        assert paces.count(Pace.USUAL) == 10
    # As many people as the form's rate has left.
    for number in range(100):
        assert rates.take(f"person-{number}", 1) == USUAL
    assert rates.take("late", 1).rules == ("form_rate",)


def test_it_keeps_so_many_posts_of_hurried_addresses_and_no_more() -> None:
    rates = rated(address=10, form=120)
    paces = [rates.take(f"hurried-{number % 40}", 1).pace for number in range(4_000)]
    assert (paces.count(Pace.HURRIED), paces[-1]) == (1_200 + 400 - 120, Pace.FLOOD)


def rated(*, address: int, form: int) -> FormRates:
    """Rates of a minute in which no time passes."""
    rates = FormRates(Settings(form_rate_address=address, form_rate_form=form))
    for one in vars(rates).values():
        one.clock = lambda: 0.0
    return rates


def client_anew() -> Client:
    client = Client(create_app(), raise_server_exceptions=False)
    client.follow_redirects = False
    return client
