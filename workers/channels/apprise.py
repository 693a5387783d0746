"""Further channels of an owner by one URL each (Slack, Telegram, Vonage, ...), through Apprise."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from workers.channels.error import ChannelError

if TYPE_CHECKING:
    from apprise import AppriseResult

# These reach the machine that the worker runs on rather than a person.
LOCAL_SCHEMES = frozenset({"dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})


class _Channel(Protocol):
    def notify(self, *, body: str, title: str, body_format: str) -> "AppriseResult": ...


def send(url: str, title: str, body: str, before_request: Callable[[], None]) -> str:
    """Send plain text to what the URL names, and return the service's name.

    Raises ChannelError: permanent where the URL is of no use, else temporary, because Apprise hides what the
    provider answered. `unknown` where it gave up waiting. The URL holds secrets and is never told or logged.
    """
    channel, service = _channel(url)
    before_request()
    result = channel.notify(body=body, title=title, body_format="text")
    if result:
        return service
    raise ChannelError(
        f"{service} did not take the message", permanent=False, unknown=result.status.name == "TIMEOUT"
    )


def _channel(url: str) -> tuple[_Channel, str]:
    # Apprise takes a tenth of a second to load, which most workers never need.
    import apprise  # noqa: PLC0415

    # Its own log lines name URLs, titles and bodies.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    channel = apprise.Apprise(asset=apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY))
    if url.partition(":")[0].lower() in LOCAL_SCHEMES or not channel.add(url) or len(channel) != 1:
        raise ChannelError("not a URL that Apprise can use", permanent=True)
    return channel, str(channel[0].service_name)
