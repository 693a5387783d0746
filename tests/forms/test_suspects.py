"""What is suspect is told "thank you" like everybody else, and waits for a person."""

import time
from typing import Any

import pytest

from intake.forms.seals import mac, show
from models.business import Business
from models.form import Form
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, leads, verdicts
from tests.support.web import Client

LINKS = "https://a.example http://b.example www.c.example"


def aged(form: Form, seconds: int, page_id: str = "page-1") -> dict[str, str]:
    """The hidden inputs of a page that was shown so long ago."""
    issued = str(int(time.time()) - seconds)
    return {"_id": page_id, "_token": f"{issued}.{mac(form, 'shown', f'{issued} {page_id}')}"}


def test_it_works(client: Client, business: Business, form: Made) -> None:
    made = form()
    usual = client.post(f"/f/{made.key}", data=FILLED | aged(made, 10))
    suspect = client.post(
        f"/f/{made.key}", data=FILLED | {"contact_by_fax": "yes"} | aged(made, 10, "page-2")
    )
    assert (usual.status_code, usual.headers["location"], usual.content) == (
        suspect.status_code,
        suspect.headers["location"],
        suspect.content,
    )
    assert len(leads(business)) == 1


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ({"contact_by_fax": "1"}, "honeypot; score 100"),
        ({"_id": "page", "_token": "1.00"}, "forged_token; score 60"),
        ({"_id": "page", "_token": "²." + "0" * 32}, "forged_token; score 60"),
        ({"_id": "page", "_token": "9" * 400 + ".é"}, "forged_token; score 60"),
        ({"message": LINKS * 2}, "many_links; score 60"),
        ({"message": f"{LINKS} <a href='x'>"}, "links, markup; score 70"),
        ({"message": "Cheap CASINO here"}, "blocked_word; score 60"),
        ({"message": f"pаypal {LINKS}"}, "links, mixed_script; score 60"),
    ],
)
def test_it_quarantines(
    client: Client, business: Business, form: Made, sent: dict[str, str], rule: str
) -> None:
    made = form(blocked_words=["casino"])
    assert client.post(f"/f/{made.key}", data=FILLED | sent).status_code == 303
    assert verdicts(business) == [("quarantined", rule)]
    assert leads(business) == []


@pytest.mark.parametrize(
    "said",
    [
        "See https://www.a.example and http://www.b.example",
        "I am a specialist: https://www.a.example",
        "Der Spezialist sagt: Кухня",
        "A hundred_percent",
    ],
)
def test_it_takes_what_people_say_for_nothing_else(
    client: Client, business: Business, form: Made, said: str
) -> None:
    made = form(blocked_words=["cialis", "ezial", "кух", "percent"], threshold=30)
    client.post(f"/f/{made.key}", data=FILLED | {"message": said})
    assert [verdict for verdict, _ in verdicts(business)] == ["created"]


@pytest.mark.parametrize("said", ["CIALIS!", "(cialis)", "Дешёвое КАЗИНО", "win $$$now", "bit.ly/x"])
def test_it_finds_blocked_words_that_stand_alone(
    client: Client, business: Business, form: Made, said: str
) -> None:
    made = form(blocked_words=["Cialis", "казино", "$$$", "bit.ly/"])
    client.post(f"/f/{made.key}", data=FILLED | {"message": said})
    assert verdicts(business) == [("quarantined", "blocked_word; score 60")]


def test_it_takes_the_time_between_page_and_post(client: Client, business: Business, form: Made) -> None:
    made, other = form(), form()
    moved = aged(made, 10) | {"_id": "page-9"}
    pages = (aged(made, 10), aged(made, 90_000), aged(other, 10), moved, aged(made, -60))
    for number, page in enumerate(pages):
        sent = FILLED | {"message": f"No. {number}"} | page
        assert client.post(f"/f/{made.key}", data=sent).status_code == 303
    assert verdicts(business) == [
        ("created", ""),
        ("quarantined", "stale_token; score 50"),
        ("quarantined", "forged_token; score 60"),
        ("quarantined", "forged_token; score 60"),
        ("quarantined", "too_fast; score 60"),
    ]


@pytest.mark.parametrize(
    "settings", [{"honeypot": False, "min_seconds": 0}, {"threshold": 1000, "min_seconds": 0}]
)
def test_it_does_as_the_form_says(
    client: Client, business: Business, form: Made, settings: dict[str, Any]
) -> None:
    made = form(**settings)
    shown = show(made)
    sent = FILLED | {"contact_by_fax": "1", "_id": shown.id, "_token": shown.token}
    assert client.post(f"/f/{made.key}", data=sent).status_code == 303
    assert [verdict for verdict, _ in verdicts(business)] == ["created"]


def test_it_takes_a_page_that_is_sent_again_and_again_for_a_machine(
    client: Client, business: Business, form: Made
) -> None:
    made = form(recipient_limit=0)
    for number in range(7):
        client.post(f"/f/{made.key}", data=FILLED | {"message": f"No. {number}"} | aged(made, 10))
    assert [verdict for verdict, _ in verdicts(business)] == ["created"] + ["repeat"] * 4 + [
        "quarantined"
    ] * 2
    assert verdicts(business)[-1][1] == "reused_token; score 0"
