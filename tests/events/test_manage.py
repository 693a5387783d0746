"""/intake/v1/subscriptions: a business manages by API who is told."""

from typing import Any

import pytest

from models.business import Business
from tests.conftest import founded
from tests.events.conftest import Subscribed
from tests.events.told import CREATED, taken_in, tell
from tests.forms.conftest import admin, client
from tests.support.receiver import Receiver
from tests.support.sms_server import Answer
from tests.support.web import Client

__all__ = ["admin", "client"]

PATH = "/intake/v1/subscriptions"
URL = "https://hooks.example.org/leads"
Headers = dict[str, str]


def made(client: Client, admin: Headers, **given: Any) -> dict[str, Any]:
    answer = client.post(PATH, headers=admin, json={"url": URL, "events": [CREATED]} | given)
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


def test_it_works(client: Client, admin: Headers) -> None:
    one = made(client, admin)
    assert one.pop("secret").startswith("whsec_")
    one.pop("old_secret_until")
    assert (one["url"], one["events"], one["format"], one["active"]) == (URL, [CREATED], "standard", True)
    assert client.get(PATH, headers=admin).json() == {"items": [one]}
    assert client.get(f"{PATH}/{one['uid']}", headers=admin).json() == one


def test_it_changes_what_is_sent_and_nothing_else(client: Client, admin: Headers) -> None:
    path = f"{PATH}/{made(client, admin)['uid']}"
    changed = client.patch(path, headers=admin, json={"events": ["lead.repeat", CREATED]}).json()
    assert (changed["events"], changed["url"], changed["active"]) == ([CREATED, "lead.repeat"], URL, True)
    ended = client.patch(path, headers=admin, json={"active": False}).json()
    assert (ended["active"], ended["disabled_reason"]) == (False, "by hand")
    anew = client.patch(path, headers=admin, json={"active": True, "url": f"{URL}/new"}).json()
    assert (anew["active"], anew["disabled_reason"], anew["url"]) == (True, "", f"{URL}/new")


def test_it_rotates_and_deletes(client: Client, admin: Headers) -> None:
    one = made(client, admin)
    path = f"{PATH}/{one['uid']}"
    new = client.post(f"{path}/rotate", headers=admin, json={"overlap_hours": 1}).json()
    assert new["secret"] not in ("", one["secret"])
    assert new["old_secret_until"] is not None
    assert client.post(f"{path}/rotate", headers=admin).status_code == 200
    assert client.delete(path, headers=admin).status_code == 204
    assert client.get(path, headers=admin).status_code == 404


def test_it_shows_what_was_tried(
    client: Client, admin: Headers, business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    receiver.script = [Answer(status=503, raw=b"later")]
    one = subscribed(CREATED)
    taken_in(business)
    tell(one)
    [tried] = client.get(f"{PATH}/{one.uid}/attempts?limit=5", headers=admin).json()["items"]
    assert (tried["event"], tried["type"], tried["status"]) == (receiver.posted[0].uid, CREATED, 503)
    assert tried["answer"] == "later"
    answer = client.get(f"{PATH}/{one.uid}/attempts?limit=0", headers=admin)
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"events": [CREATED]}, "url"),
        ({"url": 7, "events": [CREATED]}, "url"),
        ({"url": "https://127.0.0.1/", "events": [CREATED]}, "url"),
        ({"url": URL}, "events"),
        ({"url": URL, "events": CREATED}, "events"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["lead.lost"]}, "events"),
        ({"url": URL, "events": [CREATED], "format": "xml"}, "format"),
        ({"url": URL, "events": [CREATED], "secret": "mine"}, "secret"),
    ],
)
def test_it_names_what_is_wrong(client: Client, admin: Headers, sent: dict[str, Any], field: str) -> None:
    answer = client.post(PATH, headers=admin, json=sent)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_it_answers_409_to_the_same_twice(client: Client, admin: Headers) -> None:
    made(client, admin)
    assert client.post(PATH, headers=admin, json={"url": URL, "events": [CREATED]}).status_code == 409


def test_it_shows_nobody_elses(client: Client, admin: Headers, token: str, subscribed: Subscribed) -> None:
    theirs = subscribed(CREATED, of=founded())
    path = f"{PATH}/{theirs.uid}"
    assert client.get(PATH, headers=admin).json() == {"items": []}
    for answer in (
        client.get(path, headers=admin),
        client.patch(path, headers=admin, json={"active": False}),
        client.delete(path, headers=admin),
        client.post(f"{path}/rotate", headers=admin),
        client.get(f"{path}/attempts", headers=admin),
    ):
        assert answer.status_code == 404
    assert client.get(PATH, headers={"Authorization": f"Bearer {token}"}).status_code == 403
    assert client.get(PATH).status_code == 401
