"""One question to a partner's API: bounded in time and in size, and never repeated here."""

import json
import time
from collections.abc import Container, Mapping
from contextlib import suppress
from urllib.parse import urlencode

import httpx

from models.errors import Refusal
from models.mapping.payload import Payload, Unreadable, read_payload
from models.settings import Settings
from workers.channels.error import asked_wait
from workers.channels.trust import trusted

LONGEST_ANSWER = 262_144
LONGEST_WAIT = 3600.0
# 401 and 403 speak of our token, which only an operator can change; the receipt waits for a replay.
FOR_NOW = (408, 425, 429)
UNNAMED = "the webhook names no lead that could be fetched"


class NotFetched(Refusal):
    """The partner did not tell. `is_permanent`: asking again by ourselves cannot help."""

    reason = "not_fetched"

    def __init__(self, message: str, *, is_permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.is_permanent = is_permanent
        self.retry_after = None if retry_after is None else min(max(retry_after, 0.0), LONGEST_WAIT)


class Asker:
    """Connections to partners, kept for a batch of jobs; no redirects, and no proxy of the environment."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.client_timeout_seconds
        self._client = httpx.Client(
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "lead-intake",
            },
            timeout=httpx.Timeout(self._seconds, connect=settings.smtp_connect_seconds),
            verify=trusted(),
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        self._client.close()

    def ask(
        self,
        url: str,
        token: str,
        parameters: Mapping[str, str],
        passing: Container[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Payload]:
        """The object at an address, within twice the time for one answer. Raises `NotFetched`.

        `passing` are the codes of errors in an answer that pass, whatever its status.
        """
        if not token:
            raise NotFetched("the source has no token to fetch the lead with", is_permanent=True)
        sent = {**(headers or {}), "Authorization": f"Bearer {token}"}
        # LinkedIn reads brackets as structure only where they are not encoded.
        asked = f"{url}?{urlencode(parameters, safe='(),:')}"
        try:
            with self._client.stream("GET", asked, headers=sent) as answer:
                content = _content(answer, self._seconds)
        except httpx.HTTPError as exc:
            # httpx names the kind of failure in the class; its text may hold the URL.
            message = f"the lead could not be fetched: {type(exc).__name__}"
            raise NotFetched(message, is_permanent=False) from None
        if not answer.is_success:
            raise _refused(answer, is_passing=_code(content) in passing)
        return _document(content)


def _content(answer: httpx.Response, seconds: float) -> bytes:
    """No more than the limit, and no longer than the wait for one answer once more."""
    deadline = time.monotonic() + seconds
    content = b""
    for octets in answer.iter_raw():
        content += octets
        if len(content) > LONGEST_ANSWER or time.monotonic() > deadline:
            raise NotFetched("the lead could not be fetched: an endless answer", is_permanent=False)
    return content


def _refused(answer: httpx.Response, *, is_passing: bool) -> NotFetched:
    status = answer.status_code
    return NotFetched(
        f"the lead could not be fetched: HTTP {status}",
        is_permanent=status < 500 and status not in FOR_NOW and not is_passing,
        retry_after=asked_wait(answer.headers.get("Retry-After", "")),
    )


def _code(content: bytes) -> int:
    """The code of an error as Meta writes it, or none that there is."""
    with suppress(NotFetched):
        error = _document(content).get("error")
        if isinstance(error, dict) and isinstance(code := error.get("code"), int):
            return code
    return -1


def _document(content: bytes) -> dict[str, Payload]:
    try:
        document = read_payload("application/json", content)
    except Unreadable:
        document = None
    if not isinstance(document, dict):
        raise NotFetched(
            "the lead could not be fetched: an answer that is no JSON object", is_permanent=False
        )
    return document


def inside(item: Payload, *path: str) -> Payload:
    """What stands inside an item, or None where the path ends before."""
    for name in path:
        item = item.get(name) if isinstance(item, dict) else None
    return item


def text_of(item: Payload, *path: str) -> str:
    """An id inside an item, as the part of an address that it becomes. Raises `NotFetched`."""
    found = inside(item, *path)
    text = json.dumps(found) if isinstance(found, int) else str(found or "")
    if not (text.isascii() and text.isalnum() and len(text) <= 100):
        raise NotFetched(UNNAMED, is_permanent=True)
    return text
