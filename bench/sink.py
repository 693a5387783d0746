"""A mail sink that answers at once, or after a delay: the same for all who send."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ANSWERS = {
    b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}
READY, TAKEN, OK = b"220 sink ESMTP\r\n", b"250 taken\r\n", b"250 ok\r\n"
SWITCH_SECONDS = 10.0


@dataclass(slots=True)
class Sink:
    """What was caught: the times of messages, and how many connections brought them."""

    delay: float
    port: int = 0
    connections: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from greeting to QUIT."""
        self.connections += 1
        try:
            await self._answer(writer, READY)
            while line := await reader.readline():
                verb = line[:4].upper()
                await self._answer(writer, ANSWERS.get(verb, OK))
                if verb == b"QUIT":
                    break
                if verb == b"DATA":
                    await reader.readuntil(b"\r\n.\r\n")
                    await self._answer(writer, TAKEN)
                    self.times.append(time.monotonic())
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # Whoever was cut off has sent nothing.
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        writer.write(answer)
        await writer.drain()


@contextmanager
def running(delay: float = 0.0) -> Iterator[Sink]:
    """A sink in a thread with a loop of its own; `delay` in seconds before each answer."""
    sink, ready, stop = Sink(delay), threading.Event(), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(sink.serve, "127.0.0.1", 0)
        sink.port = server.sockets[0].getsockname()[1]
        ready.set()
        await asyncio.to_thread(stop.wait)
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        ready.wait(SWITCH_SECONDS)
        yield sink
    finally:
        stop.set()
        thread.join(SWITCH_SECONDS)
