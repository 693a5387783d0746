"""/intake/v1/forms: a business manages its forms by API."""

from typing import Any

import pytest

from models.business import TokenKind
from models.database import transaction
from models.operations.forms import open_form
from models.operations.tokens import Scope, issue
from tests.conftest import founded
from tests.forms.conftest import Made
from tests.support.web import Client

URL = "/intake/v1/forms"
Headers = dict[str, str]


def opened(key: str) -> str | None:
    """The uid of the form that the key opens for visitors."""
    with transaction() as session:
        found = open_form(session, key)
    return found[0].uid if found else None


def test_it_works(client: Client, admin: Headers) -> None:
    made = client.post(URL, headers=admin, json={"name": "Contact us", "notifications": ["email"]})
    assert made.status_code == 201
    form = made.json()
    assert form["url"].endswith(f"/f/{form['key']}")
    assert [field["name"] for field in form["fields"]] == ["name", "email", "phone", "message"]
    assert "secret" not in form
    assert client.get(URL, headers=admin).json() == {"items": [form]}
    assert client.get(f"{URL}/{form['uid']}", headers=admin).json() == form


def test_it_changes_what_is_sent_and_nothing_else(client: Client, admin: Headers, form: Made) -> None:
    uid = form(language="de").uid
    changed = client.patch(f"{URL}/{uid}", headers=admin, json={"origins": ["https://Acme.example.org:443/"]})
    assert changed.status_code == 200
    assert (changed.json()["origins"], changed.json()["language"]) == (["https://acme.example.org"], "de")


def test_it_gives_a_new_key_and_keeps_the_old_one_for_a_while(
    client: Client, admin: Headers, form: Made
) -> None:
    old = form()
    new = client.post(f"{URL}/{old.uid}/rotate", headers=admin).json()["key"]
    assert new != old.key
    assert opened(old.key) == opened(new) == old.uid
    again = client.post(f"{URL}/{old.uid}/rotate", headers=admin, json={"overlap_hours": 0})
    assert again.status_code == 200
    assert (opened(old.key), opened(new), opened(again.json()["key"])) == (None, None, old.uid)


def test_it_deletes_a_form(client: Client, admin: Headers, form: Made) -> None:
    made = form()
    assert client.delete(f"{URL}/{made.uid}", headers=admin).status_code == 204
    assert client.get(f"{URL}/{made.uid}", headers=admin).status_code == 404
    assert opened(made.key) is None


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "A", "nonsense": 1}, "nonsense"),
        ({"name": "A", "secret": "x"}, "secret"),
        ({"name": "A", "uid": "x"}, "uid"),
        ({"name": "A", "origins": ["https://acme.example.org/path"]}, "origins"),
        ({"name": "A", "origins": ["https://user@acme.example.org"]}, "origins"),
        ({"name": "A", "origins": ["null"]}, "origins"),
        ({"name": "A", "origins": ["*"]}, "origins"),
        ({"name": "A", "success_url": "https://acme.example.org/thanks"}, "success_url"),
        ({"name": "A", "error_url": "javascript:alert(1)"}, "error_url"),
        ({"name": "A", "notifications": ["fax"]}, "notifications"),
        ({"name": "A", "min_seconds": "3"}, "min_seconds"),
        ({"name": "A", "threshold": True}, "threshold"),
        ({"name": "A", "double_opt_in": True}, "consent"),
        ({"name": "A", "language": "<script>"}, "language"),
        ({"name": "A", "fields": []}, "fields"),
        ({"name": "A", "fields": [{"name": "phone", "maps_to": "phone"}]}, "fields"),
        ({"name": "A", "fields": [{"name": "email", "maps_to": "status"}]}, "fields"),
        ({"name": "A", "fields": [{"name": "utm_source"}]}, "fields"),
    ],
)
def test_it_says_which_setting_is_refused(
    client: Client, admin: Headers, settings: dict[str, Any], field: str
) -> None:
    answer = client.post(URL, headers=admin, json=settings)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("https://acme.example.org/thanks", "https://acme.example.org.evil.example/"),
        ("https://acme.example.org", "https://acme.example.org@evil.example/"),
        ("https://ACME.example.org:443/", "//acme.example.org/"),
        ("https://acme.example.org/?a=b", "https://acme.example.org\\@evil.example"),
        ("https://acme.example.org/#top", "http://acme.example.org/"),
    ],
)
def test_it_redirects_to_the_forms_own_origins_only(
    client: Client, admin: Headers, good: str, bad: str
) -> None:
    settings = {"name": "A", "origins": ["https://acme.example.org"]}
    assert client.post(URL, headers=admin, json=settings | {"success_url": good}).status_code == 201
    assert client.post(URL, headers=admin, json=settings | {"success_url": bad}).status_code == 422


def test_it_is_for_administrators(client: Client, token: str) -> None:
    assert client.get(URL).status_code == 401
    ordinary = client.get(URL, headers={"Authorization": f"Bearer {token}"})
    assert (ordinary.status_code, ordinary.json()["reason"]) == (403, "forbidden")


def test_it_knows_no_form_of_another_business(client: Client, form: Made) -> None:
    mine, other = form(), founded()
    with transaction() as session:
        token = issue(session, business=other, kind=TokenKind.STAFF, scopes=[Scope.ADMIN])
    theirs = {"Authorization": f"Bearer {token}"}
    for reference in (mine.uid, mine.key):
        assert client.get(f"{URL}/{reference}", headers=theirs).status_code == 404
        assert client.patch(f"{URL}/{reference}", headers=theirs, json={}).status_code == 404
        assert client.delete(f"{URL}/{reference}", headers=theirs).status_code == 404
    assert client.get(URL, headers=theirs).json() == {"items": []}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"name=A", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "", 415),
    ],
)
def test_it_reads_json_alone(
    client: Client, admin: Headers, body: bytes, content_type: str, status: int
) -> None:
    answer = client.post(URL, headers=admin | {"Content-Type": content_type}, content=body)
    assert answer.status_code == status
