"""Events by HTTP POST to whoever subscribed, signed as Standard Webhooks are."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ssl import SSLContext
from typing import Self
from urllib.parse import urlsplit

import httpcore
from standardwebhooks import Webhook

from models.errors import Invalid
from models.targets import Network, checked_url
from workers.channels.error import ChannelError, asked_wait, provider_words
from workers.channels.guard import Guard, NotPublic, Resolve, resolved
from workers.channels.trust import trusted

LONGEST_ANSWER = 65_536
KEPT_SECONDS = 2.0
GONE = 410
FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.ConnectionNotAvailable,
    httpcore.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer, and the first words of its body without addresses and numbers."""

    status: int
    words: str


def signed(uid: str, moment: datetime, body: str, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of Standard Webhooks: one signature a secret, of `id.timestamp.body`."""
    signatures = [Webhook(secret).sign(uid, moment, body) for secret in secrets]
    return {
        "webhook-id": uid,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


class Poster:
    """Posts events over connections that it keeps for a moment.

    Times in seconds: `connect_timeout` for a connection, `timeout` for a whole request with its answer.
    """

    def __init__(
        self,
        allowed: Sequence[Network],
        connect_timeout: float,
        timeout: float,
        resolve: Resolve = resolved,
        trust: SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._seconds = timeout
        self._timeouts = {
            "connect": connect_timeout,
            "read": timeout,
            "write": timeout,
            "pool": connect_timeout,
        }
        self._guard = Guard(allowed, resolve)
        # No redirects, no proxies, no cookies and nothing unpacked: httpcore does none of these.
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust or trusted(), keepalive_expiry=KEPT_SECONDS, network_backend=self._guard
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._pool.close()

    def post(self, url: str, uid: str, body: str, secrets: Sequence[str]) -> Answer:
        """Post an event; the answer where it was taken (2xx).

        Raises ChannelError with the status as its code, or without a code where there was no answer:
        permanent for 410 alone, since anything else may be mended.
        """
        headers = signed(uid, datetime.now(UTC), body, secrets) | {
            "Host": urlsplit(url).netloc,
            "Content-Type": "application/json",
            "User-Agent": "lead-intake",
            "Accept-Encoding": "identity",
        }
        self._guard.deadline = time.monotonic() + self._seconds
        try:
            # The URL was looked at when it was given; what may be called can have changed since.
            checked_url(url, self._allowed)
            with self._pool.stream(
                "POST",
                url,
                headers=list(headers.items()),
                content=body.encode(),
                extensions={"timeout": self._timeouts},
            ) as answer:
                return taken(answer, first_words(answer))
        except (Invalid, NotPublic) as exc:
            raise ChannelError("the URL names no public host", permanent=False) from exc
        except FAILURES as exc:
            # httpcore names the kind of failure in the class; its text may hold the host.
            raise ChannelError(type(exc).__name__, permanent=False) from exc


def taken(answer: httpcore.Response, words: str) -> Answer:
    """The answer of somebody who took the event. Raises ChannelError: a redirect is a refusal too."""
    if 200 <= answer.status < 300:
        return Answer(answer.status, words)
    asked = next((value for name, value in answer.headers if name.lower() == b"retry-after"), b"")
    raise ChannelError(
        words,
        permanent=answer.status == GONE,
        code=str(answer.status),
        retry_after=asked_wait(asked.decode("latin-1")),
    )


def first_words(answer: httpcore.Response) -> str:
    """What the body begins with. The status is the answer, so a body without an end takes nothing back."""
    content = b""
    try:
        for octets in answer.iter_stream():
            content += octets
            if len(content) > LONGEST_ANSWER:
                break
    except FAILURES:
        pass
    return provider_words(content.decode(errors="replace"))
