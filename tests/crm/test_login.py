"""Logging in, staying logged in, and being kept out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from models.business import Business, TokenKind
from models.database import transaction
from models.operations.directories import directory_of
from models.operations.login import set_active, set_password
from models.operations.tokens import Scope, issue
from models.settings import settings
from tests.crm.conftest import Member, data_of
from tests.support.command import run
from tests.support.web import started

PASSWORD = "correct horse battery"
WRONG = {"detail": ["The supplied authentication credentials are invalid."]}
NOBODY = {"detail": ["Authentication credentials were not provided or are invalid."]}


@pytest.fixture
def grace(grace: Member) -> Member:
    """With a password."""
    with transaction() as session:
        set_password(session, session.get_one(Business, grace.business.id), "grace", PASSWORD)
    return grace


def log_in(member: Member, password: str = PASSWORD, **rest: str) -> httpx.Response:
    fields = {"username": "grace", "password": password} | rest
    return member.client.post("/crm/v1/user/login/", headers={"apikey": member.key}, data=fields)


def refresh(member: Member, token: str, path: str = "/user/refresh/") -> httpx.Response:
    return member.client.post(f"/crm/v1{path}", headers={"apikey": member.key}, data={"refresh": token})


def refused(answer: httpx.Response, errors: dict[str, list[str]]) -> None:
    assert answer.json() == {"status_code": 401, "errors": errors, "data": {}}
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_it_works(grace: Member) -> None:
    answer = log_in(grace)
    pair = data_of(answer)
    assert pair.keys() == {"access", "refresh"}
    assert answer.headers["cache-control"] == "no-store"
    headers = {"apikey": grace.key, "Authorization": f"Bearer {pair['access']}"}
    assert data_of(grace.client.get("/crm/v1/list/", headers=headers))["count"] == 0


@pytest.mark.parametrize("path", ["/user/refresh/", "/user/token/refresh/", "/leads/user/token/refresh"])
def test_it_refreshes(grace: Member, path: str) -> None:
    first = data_of(log_in(grace))
    second = data_of(refresh(grace, first["refresh"], path))
    assert not set(first.values()) & set(second.values())
    refused(refresh(grace, first["refresh"], path), WRONG)
    assert data_of(refresh(grace, second["refresh"], path))


def test_it_refreshes_once_however_many_ask(grace: Member) -> None:
    token = data_of(log_in(grace))["refresh"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: refresh(grace, token), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


@pytest.mark.parametrize("other", [{"password": "wrong"}, {"username": "nobody"}, {"username": "x\u2028"}])
def test_it_refuses_a_wrong_login(grace: Member, other: dict[str, str]) -> None:
    refused(log_in(grace, **other), WRONG)


def test_it_refuses_a_user_without_a_password(alan: Member) -> None:
    refused(log_in(alan, username="alan"), WRONG)


def test_it_refuses_the_inactive(grace: Member) -> None:
    pair = data_of(log_in(grace))
    with transaction() as session:
        set_active(session, session.get_one(Business, grace.business.id), "grace", active=False)
    refused(log_in(grace), {"detail": ["No active account found with the given credentials"]})
    refused(log_in(grace, password="wrong"), WRONG)
    refused(refresh(grace, pair["refresh"]), WRONG)
    # Not seen by this process yet, her staff token is refused too.
    refused(grace.ask("GET", "/list/"), NOBODY)
    with transaction() as session:
        set_active(session, session.get_one(Business, grace.business.id), "grace", active=True)
    assert data_of(log_in(grace))


def test_it_names_what_is_missing(grace: Member) -> None:
    answer = grace.client.post("/crm/v1/user/login/", headers={"apikey": grace.key}, data={"username": " "})
    assert answer.json()["errors"] == {
        "username": ["This field may not be blank."],
        "password": ["This field is required."],
    }


def test_it_ends_logins_with_a_new_password(grace: Member) -> None:
    pair = data_of(log_in(grace))
    with transaction() as session:
        set_password(session, session.get_one(Business, grace.business.id), "grace", "another password")
    refused(refresh(grace, pair["refresh"]), WRONG)
    refused(log_in(grace), WRONG)
    assert data_of(log_in(grace, "another password"))


def test_it_knows_nobody_of_another_business(grace: Member, stranger: Member) -> None:
    refused(log_in(stranger), WRONG)
    pair = data_of(log_in(grace))
    refused(refresh(stranger, pair["refresh"]), WRONG)
    headers = {"apikey": stranger.key, "Authorization": f"Bearer {pair['access']}"}
    refused(grace.client.get("/crm/v1/list/", headers=headers), NOBODY)


def test_it_limits_the_attempts(grace: Member, alan: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGIN_ATTEMPTS", "2")
    settings.cache_clear()
    with started() as client:
        fields = {"username": "grace", "password": "wrong"}
        answers = [
            client.post("/crm/v1/user/login/", headers={"apikey": grace.key}, data=fields) for _ in range(3)
        ]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        assert answers[2].headers["retry-after"] == "60"
        fields["username"] = "alan"
        other = client.post("/crm/v1/user/login/", headers={"apikey": grace.key}, data=fields)
        assert other.status_code == 401


def test_it_opens_no_door_with_a_refresh_token(grace: Member) -> None:
    token = data_of(log_in(grace))["refresh"]
    both = {"apikey": grace.key, "Authorization": f"Bearer {token}"}
    refused(grace.client.get("/crm/v1/list/", headers=both), NOBODY)
    refused(grace.client.get("/crm/v1/list/", headers=grace.headers | {"apikey": token}), NOBODY)
    for path in ("/v2/leads", "/api/v1/leads"):
        answer = grace.client.get(path, headers={"Authorization": f"Bearer {token}", "User-Agent": "test"})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"apikey": ""},
        {"apikey": "tg_live_unknown"},
        {"Authorization": ""},
        {"Authorization": "Bearer tg_live_unknown"},
        {"Authorization": "Basic Z3JhY2U6eA=="},
    ],
)
def test_it_needs_both_headers(grace: Member, headers: dict[str, str]) -> None:
    refused(grace.client.get("/crm/v1/list/", headers=grace.headers | headers), NOBODY)


def test_it_needs_a_member_of_staff(grace: Member) -> None:
    headers = grace.headers | {"Authorization": f"Bearer {grace.key}"}
    refused(grace.client.get("/crm/v1/list/", headers=headers), NOBODY)


def test_it_takes_the_key_of_a_directory_that_names_the_business(grace: Member) -> None:
    with transaction() as session:
        directory = directory_of(session, session.get_one(Business, grace.business.id))
        headers = {"apikey": issue(session, directory=directory, kind=TokenKind.DIRECTORY)}
    refused(grace.ask("GET", "/list/", headers=headers), NOBODY)
    for reference, status in ((grace.business.uid, 200), ("nobody", 401)):
        answer = grace.ask("GET", "/list/", headers=headers | {"X-On-Behalf-Of": reference})
        assert answer.status_code == status


@pytest.mark.parametrize("which", ["apikey", "Authorization"])
def test_it_needs_the_scope_in_both(grace: Member, which: str) -> None:
    with transaction() as session:
        business = session.get_one(Business, grace.business.id)
        reader = issue(session, business=business, kind=TokenKind.STAFF, scopes=[Scope.LEADS_READ])
    headers = {which: reader if which == "apikey" else f"Bearer {reader}"}
    assert grace.ask("GET", "/list/", headers=headers).status_code == 200
    errors = grace.errors("POST", "/delete/lead/", 403, data={"slug": "ada-1"}, headers=headers)
    assert errors == {"detail": ["The token lacks the scope leads:write."]}


def test_it_limits_each_token(grace: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMIT_CRM", "2")
    settings.cache_clear()
    with started() as client:
        answers = [client.get("/crm/v1/list/", headers=grace.headers) for _ in range(8)]
    limited = next(answer for answer in answers if answer.status_code == 429)
    assert limited.json() == {
        "status_code": 429,
        "errors": {"detail": ["Request was throttled: slow down."]},
        "data": {},
    }
    assert limited.headers["retry-after"] == "1"


def test_it_is_set_up_by_commands(business: Business, hired: Callable[..., Member]) -> None:
    member = hired(business, "alan")
    named = ("--business", business.uid)
    made = run("user", "create", *named, "--username", "grace", "--password-stdin", sent=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    assert data_of(log_in(member))
    changed = run("user", "password", "grace", *named, "--password-stdin", sent="a new password\n")
    assert changed.returncode == 0
    assert data_of(log_in(member, "a new password"))
    assert run("user", "deactivate", "grace", *named).returncode == 0
    assert log_in(member, "a new password").status_code == 401
    assert run("user", "activate", "grace", *named).returncode == 0
    assert data_of(log_in(member, "a new password"))
    short = run("user", "password", "grace", *named, "--password-stdin", sent="short\n")
    assert short.returncode == 1
    assert "the password must have 8 to 1024 characters" in short.stderr
