"""How long a caller is waited for, and how much of a head is read: uvicorn itself knows no end of either.

A connection only notes since when it waits. Who is late is found by one look a second at all of them, so
that a request has no timer of its own.
"""

import asyncio
from http import HTTPStatus
from math import inf
from weakref import WeakSet

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from intake.joined import Joined
from models.settings import settings

log = structlog.get_logger()

LOOK_SECONDS = 1.0
# Of a head, of a chunk's extension or of trailers: what is read and tells the application nothing yet.
HEAD_BYTES = 65_536
# A body that comes slower than this gets no more time than a head.
BODY_BYTES_A_SECOND = 500
# Requests of one connection that wait behind another's answer. uvicorn takes in as many as come.
MOST_WAITING = 100

_watched: WeakSet[ServerState] = WeakSet()


class TooManyWaiting(Exception):  # noqa: N818 - a fact
    """A caller sends requests and does not wait for answers."""


class PatientProtocol(HttpToolsProtocol):
    """A connection whose caller has so many seconds for a request, and so many bytes for its head."""

    since = 0.0  # when what is awaited now, a head or a body, began to be awaited
    fetched = 0.0  # when no answer was last seen waiting to be fetched
    unread = 0  # bytes since the parser last told anything
    body_bytes = 0  # what came of this request's body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(Joined(transport))  # type: ignore[arg-type]  # in all that uvicorn asks of one
        self.since = self.fetched = self.loop.time()
        _watch(self.loop, self.server_state)

    def data_received(self, data: bytes) -> None:
        room = HEAD_BYTES - self.unread
        if len(data) < room:
            self.unread += len(data)
            super().data_received(data)
        else:
            self._receive_in_pieces(data, room)

    def _receive_in_pieces(self, data: bytes, room: int) -> None:
        """Stop where the parser was given all that it may have, and has told nothing of it."""
        self.unread += room
        super().data_received(data[:room])
        if self.unread >= HEAD_BYTES:
            self._close(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self in self.connections and not self.transport.is_closing():
            self.data_received(data[room:])

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.unread = self.body_bytes = 0
        self.since = self.loop.time()
        if len(self.pipeline) > MOST_WAITING:
            raise TooManyWaiting  # The parser stops at once, and uvicorn ends the connection.

    def on_chunk_header(self) -> None:
        self.unread = 0

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self.unread = 0
        self.body_bytes += len(body)

    def on_response_complete(self) -> None:
        self.transport.flush()  # type: ignore[attr-defined]
        super().on_response_complete()
        if not self.cycle.more_body:
            self.since = self.loop.time()

    def is_late(self, now: float) -> bool:
        """Whether the caller keeps us waiting too long: for a request, or with fetching an answer."""
        if not self.transport.get_write_buffer_size():
            self.fetched = now
        if now - self.fetched > settings().request_seconds:
            return True
        return not self.transport.is_closing() and now - self.since > self._patience()

    def _patience(self) -> float:
        """How long may be waited for what is awaited: a head, a body, or nothing while we answer."""
        head, request = settings().head_seconds, settings().request_seconds
        if self.cycle is None or (self.cycle.response_complete and not self.cycle.more_body):
            return head
        return min(request, head + self.body_bytes / BODY_BYTES_A_SECOND) if self.cycle.more_body else inf

    def cut(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()  # To close would be to wait for the caller again.
        else:
            self._close(HTTPStatus.REQUEST_TIMEOUT)

    def _close(self, status: HTTPStatus) -> None:
        """End the connection, with a word to who has begun a request and hears no other answer."""
        if self._may_answer():
            self.transport.write(_answer(status))
        self.transport.close()

    def _may_answer(self) -> bool:
        if self.cycle is None or self.cycle.response_complete:
            return self.unread > 0 and not (self.cycle and self.cycle.more_body)
        return self.cycle.more_body and not self.cycle.response_started and not self.pipeline


def _answer(status: HTTPStatus) -> bytes:
    sentence = status.description.encode()
    head = b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
    return STATUS_LINE[status] + head % len(sentence) + sentence


def _watch(loop: asyncio.AbstractEventLoop, state: ServerState) -> None:
    """Look at a server's connections for as long as it has any."""
    if state not in _watched:
        _watched.add(state)
        loop.call_later(LOOK_SECONDS, _look, loop, state)


def _look(loop: asyncio.AbstractEventLoop, state: ServerState) -> None:
    _watched.discard(state)
    now = loop.time()
    late = [one for one in state.connections if isinstance(one, PatientProtocol) and one.is_late(now)]
    for connection in late:
        connection.cut()
    if late:
        log.info("late callers cut", connections=len(late))
    if state.connections:
        _watch(loop, state)
