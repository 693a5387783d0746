"""Sends an answer's head with what follows it: uvicorn hands them over one by one, each as a packet.

That spares each answer a call of the system's, and whoever asked a wake-up for half an answer.
"""

import asyncio
from typing import Any

HEAD_END = b"\r\n\r\n"
BEGINNING = b"HTTP/1."
# A word before the answer, for which somebody waits.
CONTINUE = b"HTTP/1.1 100"


class Joined:
    """A transport that keeps the head of an answer until there is more, or nothing more to come."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        # Asked for with every answer.
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        elif data.startswith(BEGINNING) and data.endswith(HEAD_END) and not data.startswith(CONTINUE):
            self._head = data
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Send a head that nothing follows."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the transport's
        return getattr(self._transport, name)
