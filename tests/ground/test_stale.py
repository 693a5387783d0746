"""A server that outlived its parent is stopped; a stranger with its pid is not."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.embedded.stale import stop_stale


@contextmanager
def sleeper(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process whose command line can be read by now."""
    code = "import time; print('up', flush=True); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_works(tmp_path: Path) -> None:
    pid_file = tmp_path / "server.pid"
    with sleeper("someserver", str(tmp_path)) as left:
        pid_file.write_text(f"{left.pid}\n")
        # Our own child stays a zombie until it is waited for, and that counts as gone.
        stop_stale(pid_file, program="someserver", data=tmp_path, stop_signal=signal.SIGTERM)
        assert left.wait(60) == -signal.SIGTERM


def test_it_lets_a_stranger_with_a_reused_pid_live(tmp_path: Path) -> None:
    pid_file = tmp_path / "server.pid"
    with sleeper() as stranger:
        pid_file.write_text(f"{stranger.pid}\n")
        stop_stale(pid_file, program="postgres", data=tmp_path, stop_signal=signal.SIGTERM)
        assert stranger.poll() is None
    assert not pid_file.exists()
