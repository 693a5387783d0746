"""E-mail over SMTP, against a server that misbehaves at every stage."""

import shutil
import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.smtp_server import CLOSE, DRIP, HANG, RESET, SmtpServer
from workers.channels.error import ChannelError
from workers.channels.smtp import Mailer, wire_content
from workers.mail import Mail

CONTENT = b"Subject: Hello\r\n\r\nGood morning.\r\n"


def mail(
    recipient: str = "ada@example.org", content: bytes = CONTENT, return_path: str = "b@example.com"
) -> Mail:
    return Mail(return_path, recipient, content)


def nothing() -> None:
    pass


def mailer(server: SmtpServer, seconds: float = 20.0) -> Mailer:
    return Mailer(server.url, connect_timeout=5.0, command_timeout=seconds)


def failure(
    server: SmtpServer,
    sent: Mail | None = None,
    seconds: float = 20.0,
    before_dot: Callable[[], None] = nothing,
) -> ChannelError:
    with mailer(server, seconds) as channel, pytest.raises(ChannelError) as caught:
        channel.send(sent or mail(), before_dot)
    return caught.value


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


def test_it_logs_in() -> None:
    with SmtpServer() as server, Mailer(f"smtp://ada:p%40ss@127.0.0.1:{server.port}", 5.0, 20.0) as channel:
        channel.send(mail(), nothing)

    assert len(server.mails) == 1
    assert server.commands[1].startswith("AUTH PLAIN ")


def test_it_sends_nothing_unencrypted_where_starttls_was_asked_for() -> None:
    with SmtpServer() as server, pytest.raises(ChannelError) as caught:
        Mailer(f"{server.url}?starttls=1", 5.0, 20.0).send(mail(), nothing)

    assert (caught.value.permanent, server.mails) == (False, [])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of `localhost`, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate, and is not here")
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run([openssl, *request.split(), *names, *files], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def encrypted(certificate: Path, *, is_tls_first: bool) -> SmtpServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return SmtpServer(tls=context, is_tls_first=is_tls_first)


@pytest.mark.parametrize("is_tls_first", [True, False])
def test_it_encrypts(certificate: Path, monkeypatch: pytest.MonkeyPatch, *, is_tls_first: bool) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate, is_tls_first=is_tls_first) as server:
        scheme, query = ("smtps", "") if is_tls_first else ("smtp", "?starttls=1")
        with Mailer(f"{scheme}://ada:pass@localhost:{server.port}{query}", 5.0, 20.0) as channel:
            channel.send(mail("first@example.org"), nothing)
            channel.send(mail("second@example.org"), nothing)

    assert (len(server.mails), server.connections) == (2, 1)
    assert ("STARTTLS" in server.commands) is not is_tls_first


@pytest.mark.parametrize("is_tls_first", [True, False])
def test_it_tells_nothing_to_a_server_whose_certificate_nobody_signed(
    certificate: Path, *, is_tls_first: bool
) -> None:
    scheme, query = ("smtps", "") if is_tls_first else ("smtp", "?starttls=1")
    with encrypted(certificate, is_tls_first=is_tls_first) as server, pytest.raises(ChannelError) as caught:
        Mailer(f"{scheme}://ada:pass@localhost:{server.port}{query}", 5.0, 20.0).send(mail(), nothing)

    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


@pytest.mark.parametrize("url", ["", "http://example.org", "smtp://", "smtp:///x"])
def test_it_refuses_a_url_of_another_kind(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        Mailer(url, 5.0, 20.0)
