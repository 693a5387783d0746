"""The way out of each channel, with connections kept for one batch."""

from collections.abc import Callable

from models.delivery import Channel
from models.operations.owed import Owed
from models.settings import Settings
from workers.channels import apprise
from workers.channels.error import ChannelError
from workers.channels.smtp import Mailer
from workers.channels.twilio import TextMessenger
from workers.compose import Composer
from workers.mail import BadAddress


class Outbound:
    """Opens what it needs on first use; a provider that cannot be reached is tried once a batch."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._mailer: Mailer | None = None
        self._messenger: TextMessenger | None = None
        self._down: dict[Channel, ChannelError] = {}

    def send(self, message: Owed, composer: Composer, before: Callable[[], None]) -> str:
        """Send, and give the provider's answer. `before` is called last before the message leaves.

        Raises ChannelError, or whatever `before` raises.
        """
        if message.channel in self._down:
            raise self._down[message.channel]
        left = False

        def leaving() -> None:
            nonlocal left
            before()
            left = True

        try:
            return self._send(message, composer, leaving)
        except BadAddress as exc:
            raise ChannelError(str(exc), permanent=True, code="address") from exc
        except ChannelError as exc:
            if not exc.permanent and not left and not exc.code:
                self._down[message.channel] = exc
            raise

    def close(self) -> None:
        for channel in (self._mailer, self._messenger):
            if channel is not None:
                channel.close()

    def _send(self, message: Owed, composer: Composer, before: Callable[[], None]) -> str:
        if message.channel == Channel.EMAIL:
            return self._mail().send(composer.mail(message), before)
        if message.channel == Channel.SMS:
            return self._text().send(message.to, composer.text(message), before)
        note = composer.note(message)
        return apprise.send(message.to, note.title, note.body, before)

    def _mail(self) -> Mailer:
        if self._mailer is None:
            self._mailer = Mailer(
                configured(self._settings.smtp_url, "SMTP_URL"),
                self._settings.smtp_connect_seconds,
                self._settings.client_timeout_seconds,
            )
        return self._mailer

    def _text(self) -> TextMessenger:
        if self._messenger is None:
            self._messenger = TextMessenger(
                configured(self._settings.sms_url, "SMS_URL"),
                self._settings.smtp_connect_seconds,
                self._settings.client_timeout_seconds,
            )
        return self._messenger


def configured(url: str, name: str) -> str:
    """A message waits for its provider to be set up, and says so."""
    if not url:
        raise ChannelError(f"{name} is not set", permanent=False, code="not_configured")
    return url
