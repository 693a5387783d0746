"""E-mail over SMTP to a server that misbehaves at every stage, and what is known of the mail then."""

import time

import pytest

from tests.support.smtp_dialogue import CLOSE, DRIP, HANG, RESET
from tests.support.smtp_server import SmtpServer
from tests.workers.mailers import failure, mail, mailer, nothing
from workers.channels.error import ChannelError
from workers.channels.smtp import Mailer


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "dot"])
@pytest.mark.parametrize(
    ("reply", "permanent"), [("451 4.7.1 Come back later", False), ("554 5.7.1 Not with us", True)]
)
def test_it_tells_temporary_from_permanent_refusals(stage: str, reply: str, *, permanent: bool) -> None:
    with SmtpServer({stage: reply}) as server:
        exc = failure(server)

    assert (exc.permanent, exc.unknown, exc.suppress) == (permanent, False, False)
    assert (exc.code, exc.message) == (reply[:3], reply[4:])
    assert server.mails == []


@pytest.mark.parametrize("stage", ["connect", "EHLO", "AUTH"])
@pytest.mark.parametrize("reply", ["451 4.3.0 Busy", "554 5.7.0 Not you", "535 5.7.8 Wrong password"])
def test_it_never_blames_the_mail_for_what_happens_before_it(stage: str, reply: str) -> None:
    with SmtpServer({stage: reply, "HELO": reply}) as server:
        channel = Mailer(f"smtp://ada:pass@127.0.0.1:{server.port}", 5.0, 20.0)
        with channel, pytest.raises(ChannelError) as caught:
            channel.send(mail(), nothing)

    assert (caught.value.permanent, caught.value.unknown) == (False, False)


def test_it_asks_for_better_credentials_rather_than_giving_the_mail_up() -> None:
    with SmtpServer({"MAIL": "530 5.7.0 Authentication required"}) as server:
        exc = failure(server)

    assert (exc.permanent, exc.code) == (False, "530")


@pytest.mark.parametrize("stage", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "content"])
@pytest.mark.parametrize("action", [CLOSE, RESET, "421 4.3.2 Going down"])
def test_it_knows_that_a_mail_lost_before_the_dot_was_not_sent(stage: str, action: str) -> None:
    big = mail(content=b"Subject: Big\r\n\r\n" + b"x" * 70 + b"\r\n" + b"A line of the text.\r\n" * 60_000)
    with SmtpServer({stage: action}) as server:
        # Where the whole text fits into the kernel's buffers, the hang-up is seen after the caller's commit.
        exc = failure(server, big, before_dot=server.wait_until_idle)

    assert (exc.permanent, exc.unknown) == (False, False)
    assert server.mails == []


@pytest.mark.parametrize("action", [CLOSE, RESET, HANG, DRIP, "", "220 what", "nonsense"])
def test_it_does_not_know_what_became_of_a_mail_after_the_dot(action: str) -> None:
    with SmtpServer({"dot": action or "-"}) as server:
        exc = failure(server, seconds=1.0)

    assert (exc.permanent, exc.unknown) == (False, True)


@pytest.mark.parametrize("stage", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("action", [HANG, DRIP])
def test_it_waits_for_no_silent_or_endless_server(stage: str, action: str) -> None:
    started = time.monotonic()
    with SmtpServer({stage: action}) as server:
        exc = failure(server, seconds=0.5)

    assert (exc.permanent, exc.unknown) == (False, False)
    assert time.monotonic() - started < 30


def test_it_bounds_an_answer_without_end() -> None:
    flood = "250-more\r\n" * 20_000 + "250 end"
    with SmtpServer({"MAIL": flood}) as server:
        exc = failure(server)

    assert (exc.permanent, exc.unknown) == (False, False)


def test_it_does_not_wait_for_a_goodbye() -> None:
    started = time.monotonic()
    with SmtpServer({"QUIT": HANG}) as server:
        with mailer(server) as channel:
            channel.send(mail(), nothing)
        took = time.monotonic() - started

    assert len(server.mails) == 1
    assert took < 15


def test_it_does_not_take_an_answer_that_came_too_early_for_the_dot() -> None:
    with SmtpServer({"DATA": "354 Go on\r\n250 2.0.0 Queued, I promise"}) as server:
        exc = failure(server)

    assert (exc.permanent, exc.unknown) == (False, False)


def test_it_says_that_nobody_listens() -> None:
    with SmtpServer() as server:
        pass

    exc = failure(server)

    assert (exc.permanent, exc.unknown) == (False, False)
    assert "refused" in exc.message


@pytest.mark.parametrize(
    ("reply", "suppress"),
    [
        ("550 5.1.1 <ada@example.org>: no such user", True),
        ("550 5.1.10 Null MX", True),
        ("550 5.1.8 Sender's domain is unknown", False),
        ("552 5.2.2 Mailbox full", False),
        ("450 4.1.1 Unverified address", False),
    ],
)
def test_it_tells_an_address_that_is_dead(reply: str, *, suppress: bool) -> None:
    with SmtpServer({"RCPT": reply}) as server:
        exc = failure(server)

    assert exc.suppress is suppress
    assert "ada@" not in str(exc)


def test_it_repeats_no_address_or_number_that_a_server_names() -> None:
    reply = '550 5.7.1 <ada@example.org> ("a b"@example.org, +1 (415) 555-0100) is not welcome'
    with SmtpServer({"RCPT": reply}) as server:
        exc = failure(server)

    assert exc.message == "5.7.1 <<redacted>> (<redacted>, <redacted>) is not welcome"


def test_it_keeps_short_what_a_server_says_at_length() -> None:
    with SmtpServer({"RCPT": "550 " + "no " * 2000}) as server:
        exc = failure(server)

    assert len(exc.message) <= 500
