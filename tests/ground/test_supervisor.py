"""The supervisor: what dies is started again, and all of it ends when asked."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Each part appends its pid to a file of its name, so that a test sees every start.
RUN = """
import signal, sys
from pathlib import Path
from intake.supervisor import NotReady, Part, Stopped, Supervisor
from models.embedded.child import Program

folder = Path(sys.argv[1])

def part(name, code="import time; time.sleep(600)", group=1, seconds=5.0, probe=lambda: True):
    code = f"open({str(folder / name)!r}, 'a').write(str(__import__('os').getpid()) + chr(10)); {code}"
    program = Program(name=name, argv=(sys.executable, "-c", code), environment={}, probe=probe)
    return Part(program=program, group=group, stop_seconds=seconds)

try:
    with Supervisor() as supervisor:
        exec(sys.argv[2])
        (folder / "up").touch()
        supervisor.watch()
except Stopped:
    print("stopped early")
except NotReady as late:
    print(late)
"""


@contextmanager
def supervised(folder: Path, parts: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", RUN, str(folder), parts]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def eventually(ask: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def pids(folder: Path, name: str) -> list[int]:
    file = folder / name
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_works(tmp_path: Path) -> None:
    with supervised(tmp_path, "supervisor.start(part('a'), part('b'))") as process:
        eventually(lambda: bool(pids(tmp_path, "a") and pids(tmp_path, "b") and (tmp_path / "up").exists()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert not any(alive(pid) for pid in pids(tmp_path, "a") + pids(tmp_path, "b"))


def test_it_starts_a_killed_part_again(tmp_path: Path) -> None:
    with supervised(tmp_path, "supervisor.start(part('a'), part('b'))") as process:
        eventually(lambda: bool(pids(tmp_path, "a") and pids(tmp_path, "b")))
        os.kill(pids(tmp_path, "a")[0], signal.SIGKILL)
        eventually(lambda: len(pids(tmp_path, "a")) == 2)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert "part died" in output
    assert len(pids(tmp_path, "b")) == 1
    assert not alive(pids(tmp_path, "a")[1])


def test_it_pauses_longer_after_each_death(tmp_path: Path) -> None:
    with supervised(tmp_path, "supervisor.start(part('a', 'raise SystemExit(3)'))") as process:
        eventually(lambda: len(pids(tmp_path, "a")) == 3)
        process.terminate()
        output, _ = process.communicate(timeout=60)
    pauses = [word for line in output.splitlines() for word in ("0.5", "1.0", "2.0") if word in line]
    assert pauses[:2] == ["0.5", "1.0"]


def test_it_kills_what_does_not_end(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); (lambda: open('{}', 'w'))(); time.sleep(600)"
    )
    parts = f"supervisor.start(part('a', {deaf.format(tmp_path / 'deaf')!r}, seconds=0.5))"
    with supervised(tmp_path, parts) as process:
        eventually((tmp_path / "deaf").exists)
        eventually((tmp_path / "up").exists)
        process.terminate()
        output, _ = process.communicate(timeout=60)
    assert "part killed" in output
    assert not alive(pids(tmp_path, "a")[0])


def test_it_stops_the_highest_group_first(tmp_path: Path) -> None:
    note = (
        "import signal, time; say = lambda *_: (open('{0}', 'a').write('{1}'), exit()); "
        "signal.signal(15, say); open('{0}.{1}', 'w'); time.sleep(600)"
    )
    order = tmp_path / "order"
    engine, web = (note.format(order, name) for name in "ew")
    parts = f"supervisor.start(part('e', {engine!r}, group=0)); supervisor.start(part('w', {web!r}, group=2))"
    with supervised(tmp_path, parts) as process:
        eventually(lambda: Path(f"{order}.e").exists() and Path(f"{order}.w").exists())
        eventually((tmp_path / "up").exists)
        process.terminate()
        process.communicate(timeout=60)
    assert order.read_text() == "we"


def test_it_takes_grandchildren_along(tmp_path: Path) -> None:
    fork = "import os, time; os.fork(); open({!r}, 'a').write(str(os.getpid()) + chr(10)); time.sleep(600)"
    parts = f"supervisor.start(part('a', {fork.format(str(tmp_path / 'all'))!r}))"
    with supervised(tmp_path, parts) as process:
        eventually(lambda: len(pids(tmp_path, "all")) == 2)
        eventually((tmp_path / "up").exists)
        process.terminate()
        process.communicate(timeout=60)
    eventually(lambda: not any(alive(pid) for pid in pids(tmp_path, "all")))


def test_it_can_be_stopped_while_a_part_is_not_ready(tmp_path: Path) -> None:
    with supervised(tmp_path, "supervisor.start(part('a', probe=lambda: False))") as process:
        eventually(lambda: bool(pids(tmp_path, "a")))
        process.terminate()
        output, _ = process.communicate(timeout=60)
    assert "stopped early" in output
    assert not alive(pids(tmp_path, "a")[0])


def test_it_names_the_part_that_never_became_ready(tmp_path: Path) -> None:
    with supervised(tmp_path, "supervisor.start(part('a', probe=lambda: False), patience=0.3)") as process:
        output, _ = process.communicate(timeout=60)
    assert "not ready after 0.3 s: a" in output


@pytest.mark.skipif(sys.platform != "linux", reason="macOS has no parent-death signal")
def test_it_leaves_no_process_when_it_is_killed(tmp_path: Path) -> None:
    with supervised(tmp_path, "supervisor.start(part('a'))") as process:
        eventually(lambda: bool(pids(tmp_path, "a")))
        process.kill()
    eventually(lambda: not alive(pids(tmp_path, "a")[0]))
