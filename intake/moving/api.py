"""Reads lists of Sell's API, page by page: no faster than it allows, and with patience."""

import time
from collections.abc import Iterator, Mapping
from typing import Self, TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec

from intake.moving.folder import Document
from models.errors import Invalid, Refusal

T = TypeVar("T")

FOR_NOW = frozenset({408, 429, 500, 502, 503, 504})
# 36,000 requests an hour (Sell's rate limits); it says when that is reached, but not for how long.
RATE = 10.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
WAITS = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 60.0, 60.0)
TIMEOUT = httpx.Timeout(60, connect=10)


class NotTold(Refusal):
    """The other side refused a list, or did not answer; `status` is 0 where it did not."""

    reason = "not_told"

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Item(msgspec.Struct):
    """A record; Sell's lists hold each in an envelope of its own."""

    data: Document


class Links(msgspec.Struct):
    next_page: str | None = None


class Meta(msgspec.Struct):
    links: Links | None = None


class Page(msgspec.Struct):
    items: list[Item]
    meta: Meta


class SellApi:
    """The account behind a token. `rate` is in requests a second, 0 for as many as there is time for."""

    def __init__(self, url: str, token: str, rate: float = RATE) -> None:
        headers = {
            "Accept": "application/json",
            "User-Agent": "lead-intake",
            "Authorization": f"Bearer {token}",
        }
        check(url)
        # No redirect is followed: the token is for this address alone.
        self._client = httpx.Client(base_url=f"{url.rstrip('/')}/v2/", headers=headers, timeout=TIMEOUT)
        self._pause = 1 / rate if rate else 0.0
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def account(self) -> Document:
        """Whose account it is. Raises `NotTold`."""
        return self._get("accounts/self", {}, Item).data

    def records(self, path: str, query: Mapping[str, str]) -> Iterator[Document]:
        """The attributes of each record of a list. Raises `NotTold`."""
        asked = {"per_page": "100", **query}
        seen: set[frozenset[tuple[str, str]]] = set()
        while (this := frozenset(asked.items())) not in seen:
            seen.add(this)
            page = self._get(path, asked, Page)
            yield from (item.data for item in page.items)
            following = page.meta.links.next_page if page.meta.links else None
            if not following or not page.items:
                return
            # Only what it asks for: it may name another address, where the token has no business.
            asked = dict(parse_qsl(urlsplit(following).query))
        message = f"{path}: the list goes round in a ring"
        raise NotTold(message)

    def _get(self, path: str, query: Mapping[str, str], shape: type[T]) -> T:
        """One document, asked for again while the other side cannot answer for now."""
        for wait in (*WAITS, 0.0):
            answer = self._try(path, query)
            if answer is not None and answer.status_code not in FOR_NOW:
                break
            time.sleep(wait)
        if answer is None:
            message = f"{path}: no answer"
            raise NotTold(message)
        return read(path, answer, shape)

    def _try(self, path: str, query: Mapping[str, str]) -> httpx.Response | None:
        """The answer, or None where there may be one another time."""
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._pause
        try:
            return self._client.get(path, params=dict(query))
        except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError):
            return None
        except httpx.HTTPError as exc:
            message = f"{path}: {type(exc).__name__}"
            raise NotTold(message) from None


def check(url: str) -> None:
    """A token goes by TLS, or stays on this machine. Raises `Invalid`."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        raise Invalid("--url is no address", "url") from None
    if parts.scheme not in ("https", "http") or not parts.host:
        raise Invalid("--url must begin with https://", "url")
    if parts.scheme == "http" and parts.host not in LOOPBACK:
        raise Invalid("--url must begin with https://, or the token would be for all to read", "url")


def read(path: str, answer: httpx.Response, shape: type[T]) -> T:
    """Raises `NotTold` for whatever is none of Sell's documents."""
    if answer.status_code != httpx.codes.OK:
        message = f"{path}: refused with {answer.status_code}{why(answer)}"
        raise NotTold(message, answer.status_code)
    try:
        return msgspec.json.decode(answer.content, type=shape)
    except msgspec.MsgspecError:
        message = f"{path}: what came is no document of Sell's"
        raise NotTold(message) from None


def why(answer: httpx.Response) -> str:
    """The details of the first error, in Sell's words."""
    try:
        return f": {answer.json()['errors'][0]['error']['details']}"
    except (ValueError, LookupError, TypeError):
        return ""
