"""ALTCHA: a form may ask for the solution of a riddle, once each."""

import base64
import json
from typing import Any

import pytest
from altcha import v1 as altcha

from intake.forms.riddle import key_of, new_riddle
from models.business import Business
from models.form import Form
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, verdicts
from tests.support.web import Client

ASKS = {"altcha": True}


def solved(riddle: dict[str, Any], **changed: Any) -> str:
    """As ALTCHA's widget sends it."""
    found = altcha.solve_challenge(riddle["challenge"], riddle["salt"], max_number=riddle["maxNumber"])
    assert found is not None
    told = {name: riddle[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return packed(told | {"number": found.number} | changed)


def packed(told: object) -> str:
    return base64.b64encode(json.dumps(told).encode()).decode()


def post(client: Client, form: Form, number: int, solution: str) -> None:
    sent = FILLED | {"message": f"No. {number}", "altcha": solution}
    assert client.post(f"/f/{form.key}", data=sent).status_code == 303


def test_it_works(client: Client, business: Business, form: Made) -> None:
    made = form(origins=["https://acme.example.org"], **ASKS)
    asked = client.get(f"/f/{made.key}/challenge", headers={"Origin": "https://acme.example.org"})
    assert asked.headers["access-control-allow-origin"] == "https://acme.example.org"
    solution = solved(asked.json())
    post(client, made, 1, solution)
    post(client, made, 2, solution)
    assert verdicts(business) == [("created", ""), ("quarantined", "reused_solution; score 0")]


def test_it_takes_one_solution_once_however_it_is_spelled(
    client: Client, business: Business, form: Made
) -> None:
    made = form(**ASKS)
    riddle = new_riddle(made)
    post(client, made, 1, solved(riddle))
    post(client, made, 2, solved(riddle, took=12))
    post(client, made, 3, solved(riddle, salt=riddle["salt"].removesuffix("&")))
    assert [verdict for verdict, _ in verdicts(business)] == ["created", "quarantined", "quarantined"]


def test_it_takes_no_other_forms_solution_and_no_false_one(
    client: Client, business: Business, form: Made
) -> None:
    made = form(**ASKS)
    riddle = new_riddle(made)
    later = riddle["salt"].replace("expires=", "expires=9")
    endless = altcha.create_challenge(altcha.ChallengeOptions(hmac_key=key_of(made), max_number=50))
    for number, solution in enumerate(
        (
            solved(new_riddle(form(**ASKS))),
            solved(riddle, salt=later),
            solved(riddle, number=-1),
            solved(endless.to_dict()),
        )
    ):
        post(client, made, number, solution)
    assert set(verdicts(business)) == {("quarantined", "wrong_solution; score 60")}


@pytest.mark.parametrize(
    "solution",
    ["x", "é", packed([]), packed({}), packed(7), "9" * 5000, packed({"number": []}), packed("x" * 9)],
)
def test_it_takes_rubbish_for_no_solution(
    client: Client, business: Business, form: Made, solution: str
) -> None:
    post(client, form(**ASKS), 1, solution)
    assert verdicts(business) == [("quarantined", "wrong_solution; score 60")]


def test_it_asks_where_the_form_says_so_alone(client: Client, business: Business, form: Made) -> None:
    post(client, form(), 1, "")
    post(client, form(**ASKS), 2, "")
    assert verdicts(business) == [("created", ""), ("quarantined", "no_solution; score 60")]
