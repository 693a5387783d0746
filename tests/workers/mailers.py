"""A mail to send over SMTP, and the failure where it is not sent."""

from collections.abc import Callable

import pytest

from tests.support.smtp_server import SmtpServer
from workers.channels.error import ChannelError
from workers.channels.smtp import Mailer
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
