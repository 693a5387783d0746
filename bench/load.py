"""The load: a closed loop of raw connections in a process of its own, far cheaper than what it asks for.

`python -m bench.load` reads a `Load` as JSON on standard input and tells a `Told` on standard output.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from itertools import count
from typing import cast

import uvloop

from bench.processes import ROOT
from bench.rounds import percentile

FORM = (
    "identifier_type=email&email=ada.{tag}.%08d%%40d%02d.example.org&first_name=Ada&last_name=Lovelace"
    "&phone=%%2B1415%07d&address=12+St+James+Square%%2C+London&request_title=A+quote+for+20+chairs"
    "&request_data%%5BWood%%5D=oak&source=website&source_url=https%%3A%%2F%%2Fshop.example.org%%2Fchairs"
    "&tags=website%%2Cchairs&notifications=email%%2Csms"
)
# People share domains and have phones of their own, so that what the service remembers does not flatter it.
DOMAINS = 40
FIRST_NUMBER, NUMBERS = 2_000_000, 8_000_000
WARM_UP_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Load:
    """What to send: new people's forms from that many connections; every tenth form is of a known person."""

    port: int
    path: str
    token: str
    tag: str
    connections: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Told:
    """What came back.

    Answers of 2xx a second, how many answers with those of the warm-up, those not 2xx, latencies in ms, and
    this process's own CPU time in us an answer.
    """

    rate: float
    sent: int
    refused: int
    p50: float
    p99: float
    cpu: float


class Feed:
    """Builds requests of one length, so that only numbers change."""

    def __init__(self, load: Load) -> None:
        self._form = FORM.format(tag=load.tag).encode()
        head = (
            f"POST {load.path} HTTP/1.1\r\nhost: 127.0.0.1:{load.port}\r\n"
            f"authorization: Bearer {load.token}\r\naccept: application/json\r\n"
            "content-type: application/x-www-form-urlencoded\r\n"
            f"content-length: {len(self._form % person(0))}\r\n\r\n"
        )
        self._head = head.encode()
        self._numbers = count()

    def next(self) -> bytes:
        number = next(self._numbers)
        if number % 10 == 9:
            number = number // 20 * 10
        return self._head + self._form % person(number)


def person(number: int) -> tuple[int, int, int]:
    """What is a person's own in the form: number, domain and the last digits of the phone."""
    return number, number % DOMAINS, FIRST_NUMBER + number % NUMBERS


class Client(asyncio.Protocol):
    """One connection: the next request leaves when the last answer is there."""

    def __init__(self, feed: Feed, taken: list[tuple[float, float]], refused: list[bytes]) -> None:
        self._feed, self._taken, self._refused = feed, taken, refused
        self._buffer = b""
        self._sent_at = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not subclasses of asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)
        self._fire()

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        end = data.find(b"\r\n\r\n")
        at = data.find(b"content-length: ")
        if end < 0 or len(data) < end + 4 + int(data[at + 16 : data.find(b"\r", at)]):
            self._buffer = data
            return
        self._buffer = b""
        now = time.perf_counter()
        if data[9:10] == b"2":
            self._taken.append((now, now - self._sent_at))
        else:
            self._refused.append(data[:200])
        self._fire()

    def _fire(self) -> None:
        self._sent_at = time.perf_counter()
        if self._transport is not None:
            self._transport.write(self._feed.next())


async def fire(load: Load) -> Told:
    feed, taken, refused = Feed(load), list[tuple[float, float]](), list[bytes]()
    loop = asyncio.get_running_loop()
    connections = [
        await loop.create_connection(lambda: Client(feed, taken, refused), "127.0.0.1", load.port)
        for _ in range(load.connections)
    ]
    await asyncio.sleep(WARM_UP_SECONDS)
    start, used = time.perf_counter(), cpu()
    await asyncio.sleep(load.seconds)
    end, used = time.perf_counter(), cpu() - used
    for transport, _ in connections:
        transport.abort()
    latencies = [1000 * latency for at, latency in taken if start <= at <= end]
    return Told(
        rate=len(latencies) / (end - start),
        sent=len(taken) + len(refused),
        refused=len(refused),
        p50=percentile(latencies, 0.5),
        p99=percentile(latencies, 0.99),
        cpu=1e6 * used / max(1, len(latencies)),
    )


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def drive(load: Load) -> Told:
    """Run the load in a process of its own, for its time."""
    asked = json.dumps(asdict(load)).encode()
    limit = load.seconds + 60
    ended = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        cwd=ROOT, input=asked, capture_output=True, check=True, timeout=limit,
    )  # fmt: skip
    return Told(**json.loads(ended.stdout))


def main() -> None:
    told = uvloop.run(fire(Load(**json.load(sys.stdin))))
    sys.stdout.write(json.dumps(asdict(told)))


if __name__ == "__main__":
    main()
