"""The parts that `intake up` runs, and the order in which they stop."""

import http.client
import os
import socket
import sys
from pathlib import Path

from intake.supervisor import Part
from models.embedded.child import Program

# Stopped from the highest down: nobody loses what it still talks to. With the engines' eight
# seconds the worst case is 28, within the 30 that the service promises.
SERVICE, SINKS, ENGINES = 2, 1, 0
SERVICE_SECONDS, SINK_SECONDS = 18.0, 2.0
WORKERS = {
    "worker-email": "notify.email",
    "worker": "notify.sms,convert,receive,default",
    "worker-webhook": "webhook",
}
BEHIND = 10  # niceness: taking leads in goes before doing what they ask for


def service(data: Path, host: str, port: int) -> list[Part]:
    """Web, relay and workers, with today's environment."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    here = ("--data", str(data))
    web = ("web", "--host", host, "--port", str(port))
    parts = [_ours("web", (*web, *here), probe_url=(local, port)), _ours("relay", ("relay", *here))]
    for name, queues in WORKERS.items():
        parts.append(_ours(name, ("worker", "--queues", queues, *here)))
    return parts


def sink(kind: str, port: int, inbox: Path) -> Part:
    """A server on loopback that keeps as files what would have been sent."""
    module = f"workers.sinks.{kind}"
    program = Program(
        name=f"{kind}-sink",
        argv=(sys.executable, "-m", module, "--port", str(port), "--dir", str(inbox)),
        environment=dict(os.environ),
        probe=lambda: _listens(port),
    )
    return Part(program=program, group=SINKS, stop_seconds=SINK_SECONDS)


def _ours(name: str, arguments: tuple[str, ...], probe_url: tuple[str, int] | None = None) -> Part:
    program = Program(
        name=name,
        argv=(sys.executable, "-m", "intake", *arguments),
        environment=dict(os.environ),
        niceness=0 if probe_url else BEHIND,
        probe=lambda: probe_url is None or _is_ready(*probe_url),
    )
    return Part(program=program, group=SERVICE, stop_seconds=SERVICE_SECONDS)


def _is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True
