"""The `intake` command, as an operator types it."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from intake.__main__ import main

Done = subprocess.CompletedProcess[str]


def outside(*arguments: str, **environment: str) -> Done:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "intake", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


def run(*arguments: str, sent: str = "") -> Done:
    """The command in this process: another one takes seconds to start."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["intake", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent.encode())))
        with pytest.raises(SystemExit) as end:
            main()
    assert isinstance(end.value.code, int)
    return Done(["intake", *arguments], end.value.code, out.getvalue(), err.getvalue())


def answer(*arguments: str, sent: str = "") -> str:
    done = run(*arguments, sent=sent)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refusal(*arguments: str) -> str:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr
