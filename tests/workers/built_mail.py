"""A mail built from usual facts, read back the way a mail program reads it."""

import email
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import Any

from workers.mail import Mail, build_mail

EXPECTED = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]


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
