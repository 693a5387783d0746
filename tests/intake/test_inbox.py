"""The inbox of a machine without providers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from intake.desk import inbox
from models.settings import settings

NOON = 1_772_366_400_000_000_000  # 2026-03-01 12:00 UTC, in nanoseconds
MAIL = """X-Envelope-From: <>\r
X-Envelope-To: <ada@example.org>\r
From: "Acme" <no-reply@acme.example>\r
To: <ada@example.org>\r
Subject: =?utf-8?b?R3LDvMOfZQ==?=\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="=_b"\r
\r
--=_b\r
Content-Type: text/plain; charset=utf-8\r
\r
Hello Ada\r
--=_b\r
Content-Type: text/html; charset=utf-8\r
\r
<p onclick="x">Hello <script>alert(1)</script></p>\r
--=_b--\r
"""


def name(second: int, ending: str = ".eml") -> str:
    return f"{NOON + second * 1_000_000_000:020d}-0a1b2c{ending}"


def keep_mail(folder: Path, second: int = 0, content: str = MAIL) -> str:
    (folder / name(second)).write_text(content, newline="")
    return name(second)


def keep_sms(folder: Path, second: int = 0, **changed: object) -> str:
    fields = {"from": "+15005550006", "to": "+14155550100", "body": "New enquiry <b>", "num_segments": "1"}
    (folder / name(second, ".sms.json")).write_text(json.dumps({**fields, **changed}))
    return name(second, ".sms.json")


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient[Litestar]]:
    monkeypatch.setenv("INBOX_DIR", str(tmp_path))
    settings.cache_clear()
    with TestClient(Litestar([inbox.router])) as client:
        yield client
    settings.cache_clear()


def test_it_works(tmp_path: Path) -> None:
    keep_mail(tmp_path, 1)
    keep_sms(tmp_path, 2)

    sms, mail = inbox.newest(tmp_path)

    assert (sms.channel, sms.to, sms.subject) == ("SMS", "+14155550100", "New enquiry <b>")
    assert (mail.channel, mail.to, mail.subject) == ("Email", "ada@example.org", "Grüße")
    assert (mail.text.strip(), mail.sender) == ("Hello Ada", "Acme <no-reply@acme.example>")
    assert "<script>" in mail.html
    assert mail.at == datetime(2026, 3, 1, 12, 0, 1, tzinfo=UTC)


def test_it_shows_the_newest_hundred_first(tmp_path: Path) -> None:
    for second in range(120):
        keep_sms(tmp_path, second)

    shown = inbox.newest(tmp_path)

    assert [message.name for message in shown] == [name(s, ".sms.json") for s in range(119, 19, -1)]


def test_it_passes_over_what_is_no_message(tmp_path: Path) -> None:
    for other in ("notes.txt", f".{name(1)}.tmp", "x.eml", "1-a.eml", name(2)[:-4]):
        (tmp_path / other).write_text(MAIL)
    for second, content in enumerate(
        ["", "[]", "{", "null", '"x"', "\ud800".encode("utf-8", "replace").decode()]
    ):
        (tmp_path / name(second, ".sms.json")).write_text(content)
    (tmp_path / name(50)).mkdir()
    keep_sms(tmp_path, 60)

    assert [message.name for message in inbox.newest(tmp_path)] == [name(60, ".sms.json")]


def test_it_is_empty_before_the_first_message(tmp_path: Path) -> None:
    assert inbox.newest(tmp_path) == []
    assert inbox.newest(tmp_path / "not yet") == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\r\n",
        "Subject: only\r\n\r\n",
        "no header at all",
        "Content-Type: text/plain; charset=nonesuch\r\n\r\nx",
        'Content-Type: multipart/alternative; boundary="x"\r\n\r\nnever',
        "To: \x00<<>>,;:@[\r\nFrom: =?utf-8?q?a=0ABcc=3A?=\r\n\r\nx",
        "From: " + "(" * 5_000 + "\r\n\r\nx",
    ],
)
def test_it_bears_any_mail(tmp_path: Path, content: str) -> None:
    kept = keep_mail(tmp_path, 0, content)
    keep_sms(tmp_path, 1)

    assert inbox.newest(tmp_path)[0].channel == "SMS"
    inbox.read(tmp_path, kept)


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        ".",
        "..",
        "../secret.eml",
        "/etc/passwd",
        f"../{name(0)}",
        f"x/../{name(0)}",
        f"{name(0)}\x00",
        f"{name(0)}\n",
        f"..%2f{name(0)}",
        "..\\secret.eml",
        name(0, ".txt"),
    ],
)
def test_it_opens_nothing_outside_its_folder(tmp_path: Path, wanted: str) -> None:
    keep_mail(tmp_path)
    box = tmp_path / "box"
    box.mkdir()

    assert inbox.read(box, wanted) is None


def test_it_shows_the_list(tmp_path: Path, client: TestClient[Litestar]) -> None:
    kept = keep_mail(tmp_path, 1)
    keep_sms(tmp_path, 2)

    r = client.get("/inbox")

    assert (r.status_code, r.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (r.headers["x-content-type-options"], r.headers["cache-control"]) == ("nosniff", "no-store")
    assert r.headers["content-security-policy"].startswith("default-src 'none'; ")
    for told in (f'href="/inbox/{kept}"', "ada@example.org", "Grüße", "New enquiry &lt;b&gt;", "2 messages"):
        assert told in r.text


def test_it_shows_one_mail_with_its_html_shut_in(tmp_path: Path, client: TestClient[Litestar]) -> None:
    r = client.get(f"/inbox/{keep_mail(tmp_path)}")

    assert r.status_code == 200
    assert '<iframe sandbox="" ' in r.text
    assert "&lt;p onclick=&#34;x&#34;&gt;Hello &lt;script&gt;" in r.text
    assert "<script>" not in r.text
    assert "Hello Ada" in r.text


def test_it_shows_one_text_message(tmp_path: Path, client: TestClient[Litestar]) -> None:
    r = client.get(f"/inbox/{keep_sms(tmp_path, body='Hi <script>')}")

    assert r.status_code == 200
    assert "Hi &lt;script&gt;" in r.text
    assert "<iframe" not in r.text


@pytest.mark.parametrize("wanted", ["nothing.eml", "..%2f..%2fetc%2fpasswd", name(9)])
def test_it_does_not_find_what_is_not_there(wanted: str, client: TestClient[Litestar]) -> None:
    assert client.get(f"/inbox/{wanted}").status_code == 404


def test_it_says_where_messages_go_when_there_is_no_sink(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INBOX_DIR", raising=False)
    settings.cache_clear()
    with TestClient(Litestar([inbox.router])) as client:
        answers = [client.get("/inbox"), client.get(f"/inbox/{name(0)}")]
    settings.cache_clear()

    assert [r.status_code for r in answers] == [404, 404]
    assert all("Messages go to the configured providers" in r.text for r in answers)
