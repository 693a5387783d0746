"""The `intake` command in a process of its own, as an operator starts it."""

import os
import subprocess
import sys

Done = subprocess.CompletedProcess[str]


def outside(*arguments: str, **environment: str) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "intake", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )
