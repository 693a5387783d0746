"""Building an e-mail, and what a lead cannot do to it."""

import email
from collections.abc import Collection
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.mail import (
    BadAddress,
    HeaderMismatch,
    Mail,
    build_mail,
    clean_header,
    is_answerable,
    one_address,
)

EXPECTED = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]

# The attacks of the list on headers: encoded words that hide line ends, controls, quotes, great length.
ATTACKS = [
    "=?utf-8?q?a=0ABcc=3A_e=40x.example?=",
    "=?utf-8?b?YQpCY2M6IGVAeC5leGFtcGxl?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=0ABcc=3A_e=3F=3D?=",
    "==??utf-8?q?a=0ABcc=3A_e?==??=",
    "=?utf-8?q?x?= =?utf-8?q?=0D=0ABcc=3A_e=40x.example?=",
    "Hello\r\nBcc: e@x.example",
    "Hello\nBcc: e@x.example",
    "Hello\rBcc: e@x.example",
    "Hello\x0bBcc: e@x.example",
    "Hello\x0cBcc: e@x.example",
    "Hello\x85Bcc: e@x.example",
    "Hello\u2028Bcc: e@x.example",
    "Hello\u2029Bcc: e@x.example",
    "Hello\x00Bcc: e@x.example",
    "Hello\r\n\r\n<script>body</script>",
    'Evil" <e@x.example>, "B',
    "Evil\\",
    "\u202egnp.exe",
    "\ud800 lone",
    "x" * 5_000,
    "ü" * 5_000,
    "😀" * 300,
    "=?" * 3_000,
]


def built(**changed: Any) -> Mail:
    facts: dict[str, Any] = {
        "sender": "no-reply@acme.example.org",
        "sender_name": "Acme",
        "recipient": "ada@example.org",
        "return_path": "",
        "subject": "We have your message",
        "text": "Hello Ada,\n\nthank you.\n",
        "html": "<p>Hello Ada,</p>\n<p>thank you.</p>\n",
        "message_id": "<n.1@acme.example.org>",
        "date": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    }
    return build_mail(**{**facts, **changed})


def read(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(mail.content, policy=policy.default)


def body(mail: Mail, subtype: str) -> str:
    part = read(mail).get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def assert_well_formed(mail: Mail) -> None:
    lines = mail.content.split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert mail.content.count(b"\r") == mail.content.count(b"\n") == len(lines) - 1
    assert b"\x00" not in mail.content
    assert read(mail).get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in read(mail).iter_parts()] == ["text/plain", "text/html"]


def test_it_works() -> None:
    mail = built(reply_to="owner@acme.example.org", headers={"Auto-Submitted": "auto-generated"})

    message = read(mail)
    assert (mail.return_path, mail.recipient) == ("", "ada@example.org")
    assert {name: str(message[name]) for name in message if name != "Content-Type"} == {
        "From": "Acme <no-reply@acme.example.org>",
        "To": "ada@example.org",
        "Subject": "We have your message",
        "Date": "Sun, 01 Mar 2026 12:30:00 +0000",
        "Message-ID": "<n.1@acme.example.org>",
        "Reply-To": "owner@acme.example.org",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    assert body(mail, "plain") == "Hello Ada,\n\nthank you.\n"
    assert body(mail, "html") == "<p>Hello Ada,</p>\n<p>thank you.</p>\n"
    assert_well_formed(mail)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["subject", "sender_name"])
def test_it_lets_no_lead_add_a_header(where: str, attack: str) -> None:
    mail = built(**{where: attack})

    message = read(mail)
    assert message.keys() == EXPECTED
    assert [address.addr_spec for address in message["From"].addresses] == ["no-reply@acme.example.org"]
    assert not any(c in str(message["Subject"]) for c in "\r\n\x00\u2028")
    assert_well_formed(mail)


@given(st.text(max_size=300), st.text(max_size=150), st.text(max_size=400))
def test_it_stays_well_formed_whatever_is_written(subject: str, name: str, text: str) -> None:
    mail = built(subject=subject, sender_name=name, text=text, html=text)

    assert read(mail).keys() == EXPECTED
    assert str(read(mail)["Subject"]) == clean_header(subject)
    assert_well_formed(mail)


@pytest.mark.parametrize("subject", ["Grüße aus Köln", "日本語の件名" * 10, "😀" * 60, "naïve " * 30])
def test_it_tells_every_script_in_the_subject_and_the_name(subject: str) -> None:
    message = read(built(subject=subject, sender_name=subject[:40]))

    assert str(message["Subject"]) == subject.strip()[:200]
    # The standard parser leaves the spaces between encoded words in a display name.
    name = message["From"].addresses[0].display_name
    assert name.replace(" ", "") == subject[:40].replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "Grüße\n",
        "日本語\n" * 50,
        "line\n" * 5_000,
        "x" * 1_000_000 + "\n",
        "ü" * 300_000 + "\n",
        "trailing space \n\ttab\t\n",
        ".\n..\n.hidden\nFrom the start\n",
        f"--{'=_lead-intake_alternative'}--\r\n\r\nafter\n".replace("\r\n", "\n"),
        "=3D =?x?= =_\n",
        "",
    ],
)
def test_it_carries_the_text_as_it_is(text: str) -> None:
    mail = built(text=text, html=text)

    assert body(mail, "plain") == (text or "\n")
    assert body(mail, "html") == (text or "\n")
    assert_well_formed(mail)


def test_it_mends_line_ends_and_controls_in_the_text() -> None:
    mail = built(text="a\r\nb\rc\nd\x00e\x0bf\x1bg\r\n.\r\nMAIL FROM:<x>\n.\n")

    assert body(mail, "plain") == "a\nb\nc\ndefg\n.\nMAIL FROM:<x>\n.\n"
    assert_well_formed(mail)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@example.org",
        "a@",
        "a@b@c.org",
        "a@x.org, b@x.org",
        "a@x.org;b@x.org",
        "<a@x.org>",
        "A <a@x.org>",
        "a@x.org\n",
        "a@x.org\r\nBcc: b@x.org",
        "a b@x.org",
        '"a"@x.org',
        "a@[127.0.0.1]",
        "a@x.org\x00",
        "a\u2028@x.org",
        "a\u202e@x.org",
        "-oX@x.org",
        "=?utf-8?q?a=0ABcc=3A_e?=@x.org",
        "a" * 65 + "@x.org",
        "a@" + "x" * 250 + ".org",
        "a@" + "ü" * 80 + ".org",
        "a(c)@x.org",
        "a:b@x.org",
    ],
)
def test_it_takes_one_plain_address_only(address: str) -> None:
    with pytest.raises(BadAddress) as caught:
        built(recipient=address)
    with pytest.raises(BadAddress):
        built(sender=address)

    assert len(address) < 5 or address not in str(caught.value)


@pytest.mark.parametrize("address", ["ada+crm@example.org", "o'neil@example.org", "a.b-c_d@sub.example.org"])
def test_it_takes_unusual_addresses(address: str) -> None:
    assert built(recipient=address).recipient == address


def test_it_writes_a_foreign_domain_in_ascii() -> None:
    assert one_address("ada@bücher.example") == "ada@xn--bcher-kva.example"


def test_it_leaves_out_a_reply_to_that_is_not_one_address() -> None:
    for wrong in ("a@x.org, list@x.org", "a@x.org\r\nBcc: b@x.org", "jürgen@example.org", "nobody", ""):
        assert "Reply-To" not in read(built(reply_to=wrong))


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "twice"},
        {"subject": "twice"},
        {"MIME-Version": "1.0"},
        {"reply-to": "a@x.org"},
        {"Bcc": "a@x.org"},
        {"X-A": "b\r\nBcc: e@x.example"},
        {"X-A\r\nBcc": "b"},
        {"X A": "b"},
        {"X:A": "b"},
        {"X-A": "ü"},
        {"X-A": ""},
        {"X-A": "=?utf-8?q?b?="},
        {"X-A": "b" * 2_000},
    ],
)
def test_it_refuses_a_header_that_is_not_what_it_seems(headers: dict[str, str]) -> None:
    with pytest.raises(HeaderMismatch):
        built(headers=headers)


def test_it_refuses_a_message_id_that_is_not_what_it_seems() -> None:
    with pytest.raises(HeaderMismatch):
        built(message_id="<a@b>\r\nBcc: e@x.example")


def test_it_keeps_a_recipient_that_needs_utf8_for_a_server_that_knows_it() -> None:
    mail = built(recipient="jürgen@example.org")

    assert mail.recipient == "jürgen@example.org"
    assert "To: <jürgen@example.org>\r\n".encode() in mail.content


def test_it_cuts_and_cleans_header_text() -> None:
    assert clean_header("  a\t\nb  ") == "a b"
    assert clean_header("abc" * 100, 7) == "abcabca"
    assert clean_header("Is 2+2=5? Yes") == "Is 2+2=5? Yes"
    assert "=?" not in clean_header("===???=??==?")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ada@example.org", None),
        ("info@example.org", None),
        ("sales+web@example.org", None),
        ("norepl@example.org", None),
        ("rooted@example.org", None),
        ("reply@example.org", None),
        ("", "null address"),
        ("<>", "null address"),
        ("@example.org", "null address"),
        ("MAILER-DAEMON@example.org", "role address"),
        ("postmaster@example.org", "role address"),
        ("postmaster+x@example.org", "role address"),
        ("root@example.org", "role address"),
        ("abuse@example.org", "role address"),
        ("hostmaster@example.org", "role address"),
        ("no-reply@example.org", "no-reply address"),
        ("noreply@example.org", "no-reply address"),
        ("No_Reply+1@example.org", "no-reply address"),
        ("do-not-reply@example.org", "no-reply address"),
        ("donotreply@example.org", "no-reply address"),
        ("list-request@example.org", "list address"),
        ("owner-list@example.org", "list address"),
        ("list-owner@example.org", "list address"),
        ("bounces@example.org", "bounce address"),
        ("bounce-12=ada=example.org@lists.example", "bounce address"),
        ("ada+bounce@example.org", "bounce address"),
        ("list-bounces@example.org", "bounce address"),
        ("prvs=0123=ada@example.org", "bounce address"),
        ("SRS0=ab=cd=example.org=ada@relay.example", "bounce address"),
        ("leads@acme.example", "own address"),
        (" Leads+tag@ACME.example ", "own address"),
    ],
)
def test_it_knows_whom_not_to_answer(address: str, reason: str | None) -> None:
    own: Collection[str] = {"leads@Acme.example", "hello@acme.example"}

    assert is_answerable(address, own) == reason
