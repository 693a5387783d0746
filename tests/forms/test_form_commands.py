"""`intake form`: an operator makes and keeps forms."""

import json
import re

from models.business import Business
from models.database import transact, transaction
from models.operations.forms import WantedForm, get_form, open_form
from tests.support.command import answer, refusal


def created(business: Business, *options: str) -> str:
    return answer("form", "create", "--business", business.nickname, "--name", "Contact us", *options)


def test_it_works(business: Business) -> None:
    told = created(
        business, "--notifications", "auto-reply,email,sms", "--origin", "https://acme.example.org"
    )
    assert re.fullmatch(r"[0-9A-Za-z]{22}\n", told)
    form = transact(get_form, WantedForm(form=told.strip()))
    assert form.notifications == ["auto-reply", "email", "sms"]
    assert form.origins == ["https://acme.example.org"]
    assert answer("form", "list", "--business", business.uid) == f"{form.uid}\t{form.key}\tContact us\n"


def test_it_shows_and_changes_any_setting(business: Business) -> None:
    key = created(business).strip()
    fields = json.dumps([{"name": "mail", "kind": "email", "maps_to": "email", "required": True}])
    settings = ("--set", f"fields={fields}", "--set", "threshold=80", "--set", "consent=Write to me")
    answer("form", "update", key, "--name", "2027", *settings)
    shown = dict(line.split("\t", 1) for line in answer("form", "show", key).splitlines())
    assert (shown["name"], shown["threshold"], shown["consent"]) == ("2027", "80", "Write to me")
    assert json.loads(shown["fields"])[0]["name"] == "mail"


def test_it_gives_a_new_key_and_deletes(business: Business) -> None:
    old = created(business).strip()
    new = answer("form", "rotate", old, "--overlap-hours", "0").strip()
    with transaction() as session:
        assert (open_form(session, old), open_form(session, new) is not None) == (None, True)
    answer("form", "delete", new)
    assert "no form" in refusal("form", "show", new)


def test_it_says_what_is_wrong_in_one_line(business: Business) -> None:
    key = created(business).strip()
    assert "threshold" in refusal("form", "update", key, "--set", "threshold=many")
    assert "NAME=VALUE" in refusal("form", "update", key, "--set", "threshold")
    assert "origins" in refusal("form", "update", key, "--origin", "ftp://acme.example.org")
    assert "no form" in refusal("form", "show", "nothing")
