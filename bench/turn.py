"""A turn of a web process under the load."""

import uuid
from collections.abc import Callable
from subprocess import Popen

from bench.load import Load, drive
from bench.processes import cpu_seconds
from bench.rounds import Sample

Turn = Callable[[int, float], Sample]  # connections, seconds


def turn_of(process: Popen[bytes], port: int, path: str, token: str) -> Turn:
    """Post new people's forms, and tell rate, latencies and the process's CPU time a lead."""

    def turn(connections: int, seconds: float) -> Sample:
        before = cpu_seconds(process.pid)
        told = drive(Load(port, path, token, uuid.uuid4().hex[:8], connections, seconds))
        used = cpu_seconds(process.pid) - before
        if told.refused:
            print(f"  {told.refused} of {told.sent} requests to {path} were not answered with 2xx")
        return Sample(told.rate, told.p50, told.p99, cpu=1e6 * used / max(1, told.sent))

    return turn
