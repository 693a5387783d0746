"""GET /desk, its login and its logout, as a browser sees them."""

from datetime import UTC, datetime, timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import col, select

from models.business import Business, Token, TokenKind
from models.database import transaction
from models.operations.directories import directory_of
from models.operations.identify import identify
from models.operations.tokens import Scope, issue, revoke
from models.settings import settings

Browser = TestClient[Litestar]

LOGIN_PAGE = 'name="token"'
UNKNOWN = "tg_live_" + "a" * 56


def sessions_of(business: Business) -> list[Token]:
    with transaction() as session:
        query = select(Token).where(Token.business_id == business.id, Token.kind == TokenKind.SESSION)
        return list(session.exec(query.order_by(col(Token.id))))


def test_it_works(browser: Browser, business: Business, token: str) -> None:
    before = browser.get("/desk")
    signed_in = browser.post("/desk/login", data={"token": f" {token}\n"})
    desk = browser.get("/desk")
    signed_out = browser.post("/desk/logout")
    after = browser.get("/desk")

    assert (before.status_code, LOGIN_PAGE in before.text) == (200, True)
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/desk")
    assert (desk.status_code, business.name in desk.text, LOGIN_PAGE in desk.text) == (200, True, False)
    assert (signed_out.status_code, signed_out.headers["location"]) == (303, "/desk")
    assert LOGIN_PAGE in after.text


def test_it_keeps_the_session_out_of_reach(browser: Browser, business: Business, token: str) -> None:
    cookie = browser.post("/desk/login", data={"token": token}).headers["set-cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}

    assert {"httponly", "path=/desk", "samesite=strict", "max-age=43200"} <= parts
    assert "secure" not in parts
    assert token not in cookie
    [kept] = sessions_of(business)
    assert kept.expires_at is not None
    assert timedelta(hours=11) < kept.expires_at - kept.created_at <= timedelta(hours=12)
    assert kept.scopes == [Scope.LEADS_READ]


def test_it_marks_the_cookie_secure_on_https(
    browser: Browser, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://leads.example.org")
    settings.cache_clear()
    answer = browser.post("/desk/login", data={"token": token})
    monkeypatch.undo()
    settings.cache_clear()

    assert "secure" in answer.headers["set-cookie"].lower()


def test_it_ends_the_session_on_logout(browser: Browser, business: Business, token: str) -> None:
    browser.post("/desk/login", data={"token": token})
    told = browser.cookies["desk"]
    cleared = browser.post("/desk/logout").headers["set-cookie"]
    browser.cookies.set("desk", told)

    assert "max-age=0" in cleared.lower()
    assert LOGIN_PAGE in browser.get("/desk").text
    with transaction() as session:
        assert identify(session, told) is None
        assert identify(session, token) is not None


def test_it_takes_an_app_token(browser: Browser, business: Business) -> None:
    with transaction() as session:
        app = issue(session, business=business, kind=TokenKind.APP)

    assert browser.post("/desk/login", data={"token": app}).status_code == 303
    assert browser.get("/desk").status_code == 200


@pytest.mark.parametrize("wrong", [UNKNOWN, "", "nonsense", "tg_live_\x7f", "é" * 64])
def test_it_refuses_a_wrong_token(browser: Browser, wrong: str) -> None:
    answer = browser.post("/desk/login", data={"token": wrong})

    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert 'role="alert"' in answer.text
    assert LOGIN_PAGE in answer.text


def test_it_refuses_tokens_that_are_not_for_the_desk(browser: Browser, business: Business) -> None:
    with transaction() as session:
        revoked = issue(session, business=business, kind=TokenKind.STAFF)
        known = identify(session, revoked)
        assert known is not None
        revoke(session, known.token_id)
        directory = issue(session, directory=directory_of(session, business), kind=TokenKind.DIRECTORY)
        past = datetime.now(UTC) - timedelta(minutes=1)
        expired = issue(session, business=business, kind=TokenKind.STAFF, expires_at=past)
        writer = issue(session, business=business, kind=TokenKind.APP, scopes=[Scope.LEADS_WRITE])
        desk = issue(session, business=business, kind=TokenKind.SESSION, scopes=[Scope.LEADS_READ])

    answers = [
        browser.post("/desk/login", data={"token": told}).status_code
        for told in (revoked, directory, expired, writer, desk)
    ]
    assert answers == [401, 401, 401, 403, 401]


def test_it_believes_no_cookie_but_a_sessions(browser: Browser, token: str) -> None:
    for value in (token, UNKNOWN, "x", ""):
        browser.cookies.set("desk", value)
        assert LOGIN_PAGE in browser.get("/desk").text


def test_it_ends_a_session_with_its_token(browser: Browser, business: Business) -> None:
    ends = datetime.now(UTC) + timedelta(hours=1)
    with transaction() as session:
        short = issue(session, business=business, kind=TokenKind.STAFF, expires_at=ends)
    browser.post("/desk/login", data={"token": short})

    assert [kept.expires_at for kept in sessions_of(business)] == [ends]


@pytest.mark.parametrize("path", ["/desk/login", "/desk/logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://testserver.local.evil.example"},
        {"Origin": "http://testserver.local", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_it_refuses_forms_of_other_sites(
    browser: Browser, token: str, path: str, headers: dict[str, str]
) -> None:
    browser.post("/desk/login", data={"token": token})
    answer = browser.post(path, data={"token": token}, headers=headers)

    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert LOGIN_PAGE not in browser.get("/desk").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver.local"},
        {"Origin": "http://localhost:8000"},
        {},
    ],
)
def test_it_takes_its_own_forms(browser: Browser, token: str, headers: dict[str, str]) -> None:
    assert browser.post("/desk/login", data={"token": token}, headers=headers).status_code == 303


def test_it_lets_browsers_name_themselves(browser: Browser) -> None:
    # With no-referrer they would send `Origin: null`, which is refused.
    assert browser.get("/desk").headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"token=%FF", "application/x-www-form-urlencoded", 400),
        (b"token=a&token=b", "application/x-www-form-urlencoded", 400),
        (b"token[]=a", "application/x-www-form-urlencoded", 401),
        (b"{}", "text/plain", 415),
        (b"", "", 415),
        (b"token=" + b"a" * 5000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_it_refuses_forms_that_are_none(
    browser: Browser, body: bytes, content_type: str, status: int
) -> None:
    answer = browser.post("/desk/login", content=body, headers={"Content-Type": content_type})

    assert answer.status_code == status


def test_it_leads_back_from_a_refused_login(browser: Browser) -> None:
    answer = browser.get("/desk/login")

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
