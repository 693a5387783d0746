"""Where a visitor came from is kept with each enquiry, and told to the owner."""

from typing import Any

import pytest
from sqlmodel import col, select

from models.business import Business
from models.database import transaction
from models.settings import settings
from models.touch import Touch
from tests.forms.conftest import Made
from tests.forms.pages import Page
from tests.forms.posts import FILLED, enquiries, leads
from tests.support.web import Client
from tests.workers.promised import Providers, provided, read
from workers.run import run


def touches(business: Business) -> list[dict[str, Any]]:
    """What is known of each touch, the earliest first."""
    with transaction() as session:
        found = session.exec(
            select(Touch).where(Touch.business_id == business.id).order_by(col(Touch.enquiry_id))
        )
        shown = [
            one.model_dump(exclude={"enquiry_id", "business_id", "lead_id", "created_at"}) for one in found
        ]
    return [{name: value for name, value in one.items() if value} for one in shown]


def test_it_works(client: Client, business: Business, form: Made) -> None:
    key = form().key
    hidden = {
        "utm_source": "newsletter",
        "utm_campaign": "spring",
        "gclid": "g-1",
        "landing_page": "https://acme.example.org/kitchens",
        "referrer": "https://search.example/",
    }
    client.post(f"/f/{key}", data=FILLED | hidden)
    assert touches(business) == [hidden]
    assert enquiries(business)[0].message_data == {"Message": "Twenty chairs, please"}
    assert leads(business)[0].source_url == "https://acme.example.org/kitchens"


def test_it_asks_the_address_of_the_page_where_inputs_are_silent(
    client: Client, business: Business, form: Made
) -> None:
    page = "https://acme.example.org/?utm_source=google&msclkid=m-1&other=x"
    client.post(f"/f/{form().key}", data=FILLED, headers={"Referer": page})
    assert touches(business) == [{"landing_page": page, "utm_source": "google", "msclkid": "m-1"}]


def test_it_carries_what_the_link_to_the_hosted_page_says(
    client: Client, business: Business, form: Made
) -> None:
    key = form(min_seconds=0).key
    shown = client.get(f"/f/{key}?utm_source=qr&gclid=%00", headers={"Referer": "https://acme.example.org/"})
    client.post(f"/f/{key}", data=Page(shown.text).filled | FILLED)
    assert touches(business) == [{"utm_source": "qr", "referrer": "https://acme.example.org/"}]


@pytest.mark.parametrize("public", ["https://acme.example.org/leads", "https://acme.example.org"])
def test_it_drops_our_own_pages_and_not_the_sites(
    client: Client, business: Business, form: Made, monkeypatch: pytest.MonkeyPatch, public: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public)
    settings.cache_clear()
    key = form().key
    page = "https://acme.example.org/contact?utm_source=news"
    for number, sender in enumerate((page, f"{public}/f/{key}?utm_source=own")):
        client.post(f"/f/{key}", data=FILLED | {"message": str(number)}, headers={"Referer": sender})
    assert touches(business) == [{"landing_page": page, "utm_source": "news"}]


@pytest.mark.parametrize(
    "lie", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://[", "x y"]
)
def test_it_keeps_no_address_that_is_none(client: Client, business: Business, form: Made, lie: str) -> None:
    sent = client.post(f"/f/{form().key}", data=FILLED | {"landing_page": lie, "referrer": lie})
    assert sent.status_code == 303
    assert touches(business) == []
    assert leads(business)[0].source_url == ""


def test_it_tells_the_owner_of_the_first_touch_and_of_this_one(
    client: Client, business: Business, form: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = form(notifications=["email"]).key
    for number, source in enumerate(("newsletter", "google")):
        client.post(f"/f/{key}", data=FILLED | {"message": f"No. {number}", "utm_source": source})
    with provided(monkeypatch) as providers:
        run(ids_of_jobs(business))
        told = texts(providers)
    assert "This time: source: newsletter" in told[0]
    assert "The first time" not in told[0]
    assert "This time: source: google" in told[1]
    assert "The first time: source: newsletter" in told[1]


def ids_of_jobs(business: Business) -> list[int]:
    with transaction() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT id FROM job WHERE business_id = %s AND state = 'pending' ORDER BY id", (business.id,)
        )
        return [row[0] for row in rows]


def texts(providers: Providers) -> list[str]:
    """The plain text of each mail that was sent."""
    parts = [read(mail).get_body(("plain",)) for mail in providers.smtp.mails]
    return [str(part.get_content()) for part in parts if part is not None]
