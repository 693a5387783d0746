"""Processes of a measurement: started on a socket of the kernel's choice, watched, and always stopped."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from math import nan
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20.0
READY_SECONDS = 60.0
ANSWER_SECONDS = 2.0
PAUSE_SECONDS = 0.1
TAIL_BYTES = 2000


@contextmanager
def python(
    *arguments: str, environment: Mapping[str, str], keep: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python module for as long as the block lasts; its log is shown where it ended by itself."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=keep,
        )
        try:
            yield process
        finally:
            early = process.poll()
            stop(process)
            if early is not None:
                log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL_BYTES))
                sys.stderr.write(log.read().decode(errors="replace"))


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def web(application: str, environment: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Serve an application as `intake web` does, in one process; gives the process and its port.

    Raises `NotReady`, so that a service that never came up is not measured as a slow one.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as door:
        door.set_inheritable(True)
        arguments = ("bench.serve", application, str(door.fileno()))
        with python(*arguments, environment=environment, keep=(door.fileno(),)) as process:
            port = int(door.getsockname()[1])
            await_ready(process, application, port)
            yield process, port


class NotReady(Exception):  # noqa: N818 - a fact
    """A web process ended, or gave no answer in time."""


def await_ready(process: subprocess.Popen[bytes], application: str, port: int) -> None:
    """Wait for an answer to /readyz; one that knows no such path is ready when it says so."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotReady(f"{application} ended with status {process.returncode} before it was ready")
        if is_ready(port):
            return
        time.sleep(PAUSE_SECONDS)
    raise NotReady(f"{application} was not ready within {READY_SECONDS:g} s")


def is_ready(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            # The socket takes connections before the process does: a slow start looks like silence.
            return False


def worker(*arguments: str, application: str, queues: str, concurrency: int) -> tuple[str, ...]:
    """The arguments of a Celery worker that is configured as `intake worker` does it."""
    size = ("-P", "threads", "-c", str(concurrency), "-Q", queues, "-n", f"bench-{os.getpid()}@%h")
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
    return ("celery", "--quiet", "-A", application, "worker", *size, *quiet, *arguments)


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has used; not a number where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
