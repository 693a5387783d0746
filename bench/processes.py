"""Processes of a measurement: started on a socket of the kernel's choice, watched, and always stopped."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import nan
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20.0
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
    """Serve an application as `intake web` does, in one process; gives the process and its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as door:
        door.set_inheritable(True)
        arguments = ("bench.serve", application, str(door.fileno()))
        with python(*arguments, environment=environment, keep=(door.fileno(),)) as process:
            yield process, int(door.getsockname()[1])


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
