"""A mail that carries an event: as a version of its text, and as a file."""

import pytest

from tests.workers.built_mail import EXPECTED, body, built, read
from workers.mail_body import Invitation

EVENT = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_it_works(method: str) -> None:
    mail = built(invitation=Invitation(method, EVENT))
    message = read(mail)
    assert message.keys() == EXPECTED
    versions, file = message.iter_parts()
    assert [part.get_content_type() for part in versions.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    event = list(versions.iter_parts())[2]
    assert event["Content-Type"].params["method"] == method
    assert event.get_payload(decode=True) == file.get_payload(decode=True) == EVENT
    assert (file.get_filename(), file.get_content_disposition()) == ("invite.ics", "attachment")
    assert [part.get_filename() for part in message.iter_attachments()] == ["invite.ics"]
    assert body(mail, "plain") == "Hello Ada,\n\nthank you.\n"


def test_it_lets_nothing_end_a_part_early() -> None:
    hostile = (
        b"--=_lead-intake_mixed--\r\n\r\n--=_lead-intake_alternative--\r\n.\r\nBcc: e@x.example\r\n" * 50
    )
    mail = built(invitation=Invitation("REQUEST", hostile), text=hostile.decode())
    assert [part.get_filename() for part in read(mail).iter_attachments()] == ["invite.ics"]
    assert all(len(line) <= 998 for line in mail.content.split(b"\r\n"))
    assert mail.content.count(b"\r") == mail.content.count(b"\n") == mail.content.count(b"\r\n")
    assert body(mail, "plain") == hostile.decode().replace("\r\n", "\n")
