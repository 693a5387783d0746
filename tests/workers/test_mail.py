"""Building an e-mail that is well formed and carries its text as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.built_mail import EXPECTED, assert_well_formed, body, built, read
from workers.mail import clean_header


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


@given(st.text(max_size=300), st.text(max_size=150), st.text(max_size=400))
def test_it_stays_well_formed_whatever_is_written(subject: str, name: str, text: str) -> None:
    mail = built(subject=subject, sender_name=name, text=text, html=text)

    assert read(mail).keys() == EXPECTED
    assert str(read(mail)["Subject"]) == clean_header(subject)
    assert_well_formed(mail)


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
