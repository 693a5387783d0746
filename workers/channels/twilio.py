"""Text messages by Twilio's Messages API, at Twilio or at any host that speaks it."""

import json
import re
import time
from collections.abc import Callable
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from workers.channels.error import ChannelError, asked_wait
from workers.channels.trust import trusted

LONGEST_ANSWER = 65_536
# A connection that the provider is about to close would leave a message's fate open: none is kept for long.
KEPT_SECONDS = 2.0
OPTED_OUT = "21610"
_MESSAGING_SERVICE = re.compile(r"MG[0-9a-f]{32}")


class TextMessenger:
    """Sends text messages from one number, or one messaging service, over kept connections.

    `url` is `twilio://SID:TOKEN@[host[:port]]/FROM[?scheme=http]`. Time-outs in seconds: `connect_timeout`
    for the connection, `command_timeout` for each wait for the answer.
    """

    def __init__(self, url: str, connect_timeout: float, command_timeout: float) -> None:
        account, token, base, self._sender = _parsed(url)
        self._url = httpx.URL(f"{base}/2010-04-01/Accounts/{account}/Messages.json")
        self._answer_seconds = command_timeout
        self._client = httpx.Client(
            auth=(account, token),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "lead-intake",
            },
            timeout=httpx.Timeout(command_timeout, connect=connect_timeout),
            limits=httpx.Limits(keepalive_expiry=KEPT_SECONDS),
            verify=trusted(),
            trust_env=False,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def send(self, to: str, body: str, before_request: Callable[[], None]) -> str:
        """The provider's id of the message; ChannelError where it was not, or perhaps not, taken.

        `before_request` is called when the connection stands and nothing is written yet: the caller commits
        its intent there. When it raises, nothing is written, and the exception passes.
        """
        watch = _Watch(before_request)
        try:
            with self._client.stream(
                "POST", self._url, data={"To": to, **self._sender, "Body": body}, extensions={"trace": watch}
            ) as answer:
                return _sid(answer, self._content(answer))
        except httpx.HTTPError as exc:
            # httpx names the kind of failure in the class; its text may hold the URL.
            raise ChannelError(type(exc).__name__, permanent=False, unknown=watch.is_begun) from exc

    def _content(self, answer: httpx.Response) -> bytes:
        """The answer's octets, no more than the limit, and in no more than twice the time for one wait."""
        deadline = time.monotonic() + self._answer_seconds
        content = b""
        for octets in answer.iter_raw():
            content += octets
            if len(content) > LONGEST_ANSWER or time.monotonic() > deadline:
                return b""
        return content


class _Watch:
    """Follows httpcore's trace to the moment right before the request is written."""

    def __init__(self, before_request: Callable[[], None]) -> None:
        self._before_request = before_request
        self.is_begun = False

    def __call__(self, event: str, _facts: object) -> None:
        if event.endswith(".send_request_headers.started") and not self.is_begun:
            self._before_request()
            self.is_begun = True


def _sid(answer: httpx.Response, content: bytes) -> str:
    document = _document(content)
    if answer.is_success:
        sid = document.get("sid")
        if answer.status_code in {200, 201} and isinstance(sid, str) and sid:
            return sid[:64]
        raise ChannelError("an answer without a message id", permanent=False, unknown=True)
    raise _refused(answer, document)


def _refused(answer: httpx.Response, document: dict[str, object]) -> ChannelError:
    status = answer.status_code
    code = str(document.get("code", status))
    return ChannelError(
        str(document.get("message", f"HTTP {status}")),
        # 401 speaks of our credentials and 408 of the connection, neither of the message.
        permanent=status not in {401, 408, 429} and status < 500,
        code=code,
        retry_after=asked_wait(answer.headers.get("Retry-After", "")),
        suppress=400 <= status < 500 and code == OPTED_OUT,
    )


def _document(content: bytes) -> dict[str, object]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _parsed(url: str) -> tuple[str, str, str, dict[str, str]]:
    """Account, token, base URL, and the form field that names the sender."""
    parts = urlsplit(url)
    sender = unquote(parts.path.strip("/"))
    if parts.scheme != "twilio" or not (parts.username and parts.password and sender):
        raise ValueError("SMS_URL is not twilio://SID:TOKEN@[host[:port]]/FROM")
    scheme = parse_qs(parts.query).get("scheme", ["https"])[-1]
    if scheme not in {"http", "https"}:
        raise ValueError("SMS_URL names a scheme that is neither http nor https")
    account = unquote(parts.username)
    if not account.isalnum():
        raise ValueError("SMS_URL names an account that is not letters and digits")
    host = parts.netloc.rpartition("@")[2] or "api.twilio.com"
    field = "MessagingServiceSid" if _MESSAGING_SERVICE.fullmatch(sender) else "From"
    return account, unquote(parts.password), f"{scheme}://{host}", {field: sender}
