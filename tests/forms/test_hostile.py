"""Whatever is sent is answered, keeps its receipt, and breaks nothing."""

import pytest

from models.business import Business
from tests.forms.conftest import Made
from tests.forms.posts import FILLED, JSON, enquiries, leads, receipts, verdicts
from tests.support.web import Client

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="name"'
BODIES = {
    "too many inputs": (b"a=1&" * 50_000, URLENCODED, 400),
    "too many parts": (PART + b"\r\n\r\nx\r\n" + (PART + b"\r\n\r\nx\r\n") * 99 + b"--b--", MULTIPART, 400),
    "no boundary": (b"x", "multipart/form-data", 400),
    "cut short": (PART + b"\r\n\r\nx", MULTIPART, 400),
    "unknown charset of a part": (
        PART + b"\r\nContent-Type: text/plain; charset=nonesuch\r\n\r\nx\r\n--b--",
        MULTIPART,
        400,
    ),
    "not UTF-8": (b"name=%FF", URLENCODED, 400),
    "raw bytes": (b"name=\xff", URLENCODED, 400),
    "a NUL": (b"name=a%00b", URLENCODED, 400),
    "too large": (b"name=" + b"x" * 300_000, URLENCODED, 413),
    "one long text": (b"name=" + b"x" * 100_000, URLENCODED, 400),
    "plain text": (b'{"name":"x"}', "text/plain", 415),
    "no type": (b"name=x", "", 415),
    "no object": (b"[]", "application/json", 400),
    "a surrogate": (b'{"name":"\\ud800"}', "application/json", 400),
    "deep": (b"[" * 100_000, "application/json", 400),
}


@pytest.mark.parametrize("what", BODIES)
def test_it_works(client: Client, business: Business, form: Made, what: str) -> None:
    body, content_type, status = BODIES[what]
    key = form().key
    answer = client.post(f"/f/{key}", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status
    assert [verdict for verdict, _ in verdicts(business)] == ["refused"]
    assert client.post(f"/f/{key}", data=FILLED).status_code == 303


def test_it_refuses_what_is_compressed(client: Client, form: Made) -> None:
    headers = {"Content-Type": URLENCODED, "Content-Encoding": "gzip"}
    assert client.post(f"/f/{form().key}", content=b"\x1f\x8b", headers=headers).status_code == 415


def test_it_takes_every_name_for_a_plain_one(client: Client, business: Business, form: Made) -> None:
    odd = {
        "name[a][b]": "1",
        "name.__class__": "2",
        "__proto__": "3",
        "constructor": "4",
        "$where": "5",
        "_method": "DELETE",
        "_charset_": "utf-8",
        "": "6",
        "%ZZ": "7",
    }
    assert client.post(f"/f/{form().key}", data=FILLED | odd).status_code == 303
    told = enquiries(business)[0].message_data
    kept = {name: value for name, value in odd.items() if not name.startswith("_")}
    assert told == {"Message": "Twenty chairs, please"} | kept


def test_it_keeps_what_a_visitor_wrote_as_it_is(client: Client, business: Business, form: Made) -> None:
    text = "{{7*7}} '; DROP TABLE lead-- %n%s <img onerror=x> \u202e =cmd|'/c calc'!A1"
    assert client.post(f"/f/{form().key}", data=FILLED | {"name": text, "message": text}).status_code == 303
    assert enquiries(business)[0].message_data["Message"] == text
    assert f"{leads(business)[0].first_name} {leads(business)[0].last_name}" == text


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org, b@example.org",
        "<a@example.org>",
        "a@[127.0.0.1]",
        "a" * 65 + "@example.org",
        "a@b",
        "a;b@example.org",
    ],
)
def test_it_takes_one_address_and_no_more(client: Client, business: Business, form: Made, email: str) -> None:
    answer = client.post(f"/f/{form().key}", data=FILLED | {"email": email}, headers=JSON)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["email"])
    assert leads(business) == []


def test_it_keeps_the_refused_posts_body(client: Client, business: Business, form: Made) -> None:
    client.post(f"/f/{form().key}", data={"name": "Ada", "phone": "12"})
    assert b"phone=12" in receipts(business)[0].body


def test_it_says_later_while_the_database_is_away(
    client: Client, form: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = form(origins=["https://acme.example.org"], language="de").key
    assert client.get(f"/f/{key}").status_code == 200
    lane = client.app.state.doors.lane
    for flight in lane._idle:
        monkeypatch.setattr(flight, "_url", "postgresql://nobody@127.0.0.1:1/none")
        flight.close()
    script = client.post(f"/f/{key}", json=FILLED, headers={"Origin": "https://acme.example.org"})
    assert (script.status_code, script.headers["retry-after"]) == (503, "2")
    assert script.headers["access-control-allow-origin"] == "https://acme.example.org"
    assert "noch einmal" in client.post(f"/f/{key}", data=FILLED).text
