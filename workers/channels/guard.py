"""Connects to the public internet only, and to no connection's end for longer than it may take.

The name is looked up here, every address that it has is judged, and the connection goes to one of those
very addresses, while Host and SNI keep the name: so a name that means another machine the next moment
gains nothing (reliability.md API7).
"""

import socket
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any

import httpcore

from models.targets import Address, Network, may_reach

Resolve = Callable[[str, int], Sequence[Address]]

# The system's resolver knows no time limit of its own.
RESOLVERS = ThreadPoolExecutor(8, thread_name_prefix="resolve")


class NotPublic(httpcore.ConnectError):
    """A host of which an address is none that may be called."""


def resolved(host: str, port: int) -> list[Address]:
    """All addresses of a host, as the system knows them. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


class Guard(httpcore.NetworkBackend):
    """Makes the connections of one client; `deadline`, in monotonic seconds, holds for all that they do."""

    def __init__(self, allowed: Sequence[Network], resolve: Resolve = resolved) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()
        self.deadline = 0.0

    def left(self, timeout: float | None) -> float:
        """The seconds that a wait may take. Raises httpcore's time-out where none are left."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the request is over")
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        until = time.monotonic() + self.left(timeout)
        addresses = self._judged(host, port, timeout)
        trouble: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            patience = until - time.monotonic()
            if patience <= 0:
                raise httpcore.ConnectTimeout("no connection in time")
            try:
                stream = self._sockets.connect_tcp(
                    str(address), port, patience, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                trouble = exc
            else:
                return Timed(stream, self)
        raise trouble

    def _judged(self, host: str, port: int, timeout: float | None) -> Sequence[Address]:
        """The host's addresses, of which each must be one that may be called."""
        try:
            addresses = RESOLVERS.submit(self._resolve, host, port).result(self.left(timeout))
        except TookTooLong:
            raise httpcore.ConnectTimeout("the name was not looked up in time") from None
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("the name is not known") from None
        if not all(may_reach(address, port, self._allowed) for address in addresses):
            raise NotPublic("an address that is not public")
        return addresses


class Timed(httpcore.NetworkStream):
    """A stream of which no wait ends after the guard's deadline: a drip of octets keeps nobody."""

    def __init__(self, stream: httpcore.NetworkStream, guard: Guard) -> None:
        self._stream = stream
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._guard.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._guard.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._guard.left(timeout))
        return Timed(secure, self._guard)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        return self._stream.get_extra_info(info)
