"""E-mail over SMTP: one mail after another over a kept connection, each as it was written."""

import pytest

from tests.support.smtp_dialogue import CLOSE, RESET
from tests.support.smtp_server import SmtpServer
from tests.workers.mailers import CONTENT, failure, mail, mailer, nothing
from workers.channels.error import ChannelError
from workers.channels.smtp import Mailer, wire_content


def test_it_works() -> None:
    with SmtpServer() as server, mailer(server) as channel:
        answer = channel.send(mail(), nothing)

    (taken,) = server.mails
    assert (taken.return_path, taken.recipients) == ("b@example.com", ("ada@example.org",))
    assert (taken.content, answer) == (CONTENT, "2.0.0 Ok: queued as 1")


def test_it_keeps_one_connection_for_many_mails_without_idle_commands() -> None:
    with SmtpServer() as server, mailer(server) as channel:
        for number in range(5):
            channel.send(mail(f"lead{number}@example.org"), nothing)

    assert (server.connections, len(server.mails)) == (1, 5)
    assert [c.split(" ")[0].upper() for c in server.commands] == [
        "EHLO",
        *["MAIL", "RCPT", "DATA"] * 5,
        "QUIT",
    ]


def test_it_sends_the_null_path_for_automatic_answers() -> None:
    with SmtpServer() as server, mailer(server) as channel:
        channel.send(mail(return_path=""), nothing)

    assert server.mails[0].return_path == ""
    assert any(command.startswith("MAIL FROM:<> SIZE=") for command in server.commands)


def test_it_lets_the_caller_commit_when_only_the_dot_is_missing() -> None:
    seen: list[tuple[list[str], int]] = []
    with SmtpServer() as server, mailer(server) as channel:
        channel.send(mail(), lambda: seen.append((list(server.commands), len(server.mails))))

    ((commands, taken),) = seen
    assert (commands[-1], taken) == ("DATA", 0)


@pytest.mark.parametrize("fault", [RuntimeError("commit failed"), ChannelError("ours", permanent=False)])
def test_it_sends_no_mail_when_the_caller_could_not_commit(fault: Exception) -> None:
    def fail() -> None:
        raise fault

    with SmtpServer() as server, mailer(server) as channel:
        with pytest.raises(type(fault)):
            channel.send(mail("first@example.org"), fail)
        channel.send(mail("second@example.org"), nothing)

    assert [taken.recipients for taken in server.mails] == [("second@example.org",)]
    assert server.connections == 2


def test_it_connects_again_where_a_kept_connection_was_dropped() -> None:
    with SmtpServer() as server, mailer(server) as channel:
        channel.send(mail("first@example.org"), nothing)
        server.drop_connections()
        channel.send(mail("second@example.org"), nothing)

    assert [taken.recipients[0] for taken in server.mails] == ["first@example.org", "second@example.org"]
    assert server.connections == 2


@pytest.mark.parametrize("action", [CLOSE, RESET, "421 4.4.2 Idle too long"])
def test_it_connects_again_where_a_kept_connection_ends_at_the_next_mail(action: str) -> None:
    commits: list[int] = []
    with SmtpServer({"MAIL": [None, action]}) as server, mailer(server) as channel:
        channel.send(mail("first@example.org"), nothing)
        channel.send(mail("second@example.org"), lambda: commits.append(1))

    assert [taken.recipients[0] for taken in server.mails] == ["first@example.org", "second@example.org"]
    assert (server.connections, commits) == (2, [1])


def test_it_connects_again_only_once() -> None:
    with SmtpServer({"MAIL": [None, CLOSE, CLOSE, CLOSE]}) as server, mailer(server) as channel:
        channel.send(mail(), nothing)
        with pytest.raises(ChannelError) as caught:
            channel.send(mail(), nothing)

    assert (server.connections, caught.value.permanent, caught.value.unknown) == (2, False, False)


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "dot"])
def test_it_goes_on_over_the_same_connection_after_a_refusal(stage: str) -> None:
    with SmtpServer({stage: ["550 5.7.1 No"]}) as server, mailer(server) as channel:
        with pytest.raises(ChannelError):
            channel.send(mail("first@example.org"), nothing)
        channel.send(mail("second@example.org"), nothing)

    assert [taken.recipients for taken in server.mails] == [("second@example.org",)]
    assert server.connections == 1


@pytest.mark.parametrize(
    "hidden",
    [
        b"\r\n.\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nboo",
        b"\n.\nMAIL FROM:<evil@example.org>\n",
        b"\r.\rMAIL FROM:<evil@example.org>\r",
        b"\n.\r\nMAIL FROM:<evil@example.org>\r\n",
        b"\r\n.\nMAIL FROM:<evil@example.org>\r\n",
        b"\r\r\n.\r\r\nMAIL FROM:<evil@example.org>",
    ],
)
def test_it_lets_no_second_mail_hide_in_the_first(hidden: bytes) -> None:
    with SmtpServer() as server, mailer(server) as channel:
        channel.send(mail(content=CONTENT + hidden), nothing)

    (taken,) = server.mails
    (raw,) = server.raw
    assert taken.recipients == ("ada@example.org",)
    assert b"evil@example.org" in taken.content
    assert raw.count(b"\r\n") == raw.count(b"\r") == raw.count(b"\n")
    assert b"\n.\r\n" not in raw[:-3]


def test_it_leaves_well_formed_content_as_it_is() -> None:
    content = b"A: b\r\n\r\n.dot\r\n..\r\n\r\nend\r\n"

    assert wire_content(content) == b"A: b\r\n\r\n..dot\r\n...\r\n\r\nend\r\n"


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "a@example.org b@example.org",
        "a\n@example.org",
        "a\x00@b.org",
    ],
)
def test_it_offers_one_recipient_or_none(recipient: str) -> None:
    with SmtpServer() as server:
        exc = failure(server, mail(recipient))

    assert exc.permanent
    assert not any(command.startswith(("MAIL", "RCPT")) for command in server.commands)


def test_it_uses_utf8_addresses_where_the_server_knows_them() -> None:
    with SmtpServer(extensions=["SMTPUTF8", "8BITMIME"]) as server, mailer(server) as channel:
        channel.send(mail("jürgen@example.org", "To: <jürgen@example.org>\r\n\r\nHi\r\n".encode()), nothing)
        channel.send(mail(), nothing)

    assert [taken.recipients[0] for taken in server.mails] == ["jürgen@example.org", "ada@example.org"]
    first, second = [command for command in server.commands if command.startswith("MAIL")]
    assert first.endswith("BODY=8BITMIME SMTPUTF8")
    assert "SMTPUTF8" not in second


def test_it_gives_up_a_utf8_address_where_the_server_does_not_know_them() -> None:
    with SmtpServer() as server:
        exc = failure(server, mail("jürgen@example.org"))

    assert (exc.permanent, exc.suppress) == (True, False)


@pytest.mark.parametrize("url", ["", "http://example.org", "smtp://", "smtp:///x"])
def test_it_refuses_a_url_of_another_kind(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        Mailer(url, 5.0, 20.0)
