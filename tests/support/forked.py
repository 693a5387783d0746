"""A process of its own that runs a module as `python -m` does, but finds the libraries loaded.

The standard library's fork server starts it: a child of nobody's threads, in a session of its own.
"""

import os
import runpy
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.support.preloaded"])


class Fresh(subprocess.Popen[bytes]):
    """The module in a process that loads everything by itself, as one must that starts others of Python's."""

    def __init__(
        self, command: tuple[str, ...], environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        with log.open("ab") as output:
            super().__init__(
                [sys.executable, "-m", *command],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )


class Forked:
    """What `subprocess.Popen` offers, as far as the tests of parts ask for it."""

    def __init__(
        self, command: tuple[str, ...], environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        self._process = CONTEXT.Process(
            target=run, args=(command, dict(environment), str(folder), str(log)), daemon=False
        )
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("a part", timeout or 0)
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def run(command: tuple[str, ...], environment: dict[str, str], folder: str, log: str) -> None:
    """Be the module `command[0]`, with nothing of the tests' but the libraries."""
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for target, name, flags in ((0, os.devnull, os.O_RDONLY), (1, log, os.O_WRONLY), (2, log, os.O_WRONLY)):
        opened = os.open(name, flags | (os.O_APPEND | os.O_CREAT if target else 0), 0o644)
        os.dup2(opened, target)
        os.close(opened)
    # A part that replaces its program by another of Python's goes on in this process.
    os.execv = become  # type: ignore[assignment]
    module(command)


def become(_: str, command: list[str]) -> NoReturn:
    module(tuple(command[2:]))
    raise SystemExit


def module(command: tuple[str, ...]) -> None:
    sys.argv = list(command)
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
