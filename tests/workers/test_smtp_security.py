"""Logging in and encryption over SMTP, and that nothing is told to a server without them."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.support.smtp_server import SmtpServer
from tests.workers.mailers import mail, nothing
from workers.channels.error import ChannelError
from workers.channels.smtp import Mailer


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
