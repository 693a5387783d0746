"""`intake web` as a process of its own, and callers on plain sockets."""

import http.client
import os
import resource
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests.e2e.part import Part, eventually, free_port
from tests.support.forked import Forked, Fresh
from tests.support.local import local

GENEROUS = 30.0


class WebProcess:
    def __init__(self, part: Part, port: int) -> None:
        self.part, self.port = part, port
        self.url = f"http://127.0.0.1:{port}"

    def is_ready(self) -> bool:
        try:
            return local.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def call(self, sent: bytes = b"", *, buffer: int = 0) -> socket.socket:
        """A connection on which so much was sent; with a small buffer, one that takes in little."""
        caller = socket.socket()
        caller.settimeout(GENEROUS)
        if buffer:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        caller.connect(("127.0.0.1", self.port))
        caller.sendall(sent)
        return caller

    def resident_bytes(self) -> int:
        """The memory of the process that answers, which is the only one."""
        pages = Path(f"/proc/{self.part.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


def rest(caller: socket.socket) -> bytes:
    """All that comes until the other side ends the connection, by whatever means."""
    came = b""
    try:
        while piece := caller.recv(65_536):
            came += piece
    except ConnectionError:
        pass
    return came


def drip(caller: socket.socket, piece: bytes, every: float = 0.1) -> tuple[bytes, float]:
    """Send one piece after the other until the connection ends; gives what came, and after how long."""
    began = time.monotonic()
    try:
        while time.monotonic() < began + GENEROUS:
            caller.sendall(piece)
            caller.settimeout(every)
            try:
                if came := caller.recv(65_536):
                    return came + rest(caller), time.monotonic() - began
                break
            except TimeoutError:
                pass
    except ConnectionError:
        pass
    return b"", time.monotonic() - began


def answered(caller: socket.socket) -> tuple[int, str]:
    """The status of one answer, which is read to its end, and its text."""
    response = http.client.HTTPResponse(caller)
    response.begin()
    return response.status, response.read().decode()


def send_until_cut(caller: socket.socket, piece: bytes = b"x" * 1_000_000) -> int:
    sent = 0
    with suppress(ConnectionError):
        while sent < 200_000_000:
            caller.sendall(piece)
            sent += len(piece)
    return sent


@contextmanager
def web_process(
    folder: Path, environment: Mapping[str, str], *arguments: str, files: int = 0
) -> Iterator[WebProcess]:
    """`intake web` for as long as the block runs; `files`: how many it may open unless it asks for more."""
    port = free_port()
    here = ("intake", "web", "--port", str(port), "--data", str(folder), *arguments)
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "DATABASE_BUDGET_SECONDS": "30"}
    kind = Fresh if "--workers" in arguments else Forked
    part = Part("web", here, {**own, **environment}, folder, kind)
    if files:
        limit_files(part.process.pid, files)
    web = WebProcess(part, port)
    try:
        eventually(web.is_ready, "the web is ready")
        yield web
    finally:
        part.signal(signal.SIGKILL)
        part.process.wait()
        print(part.log.read_text(errors="replace")[-4000:])


def limit_files(pid: int, files: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (files, hard))
