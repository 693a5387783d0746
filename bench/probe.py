"""A plain task beside ours, and a note of the time at which each task is entered; loaded by `-I bench.probe`.

BENCH_PROBE names the file of notes: a line a task, with its number and the time in seconds.
"""

import os
import time
from pathlib import Path
from typing import Any

from celery.signals import task_prerun

from models.job import Queue
from workers.app import app

VARIABLE = "BENCH_PROBE"


@app.task(name="bench.plain", queue=str(Queue.EMAIL))
def plain(number: int) -> None: ...


@task_prerun.connect
def note(args: list[Any], **_: object) -> None:
    """Our doorbell carries a list of ids, the plain task one number."""
    now, path = time.time(), os.environ.get(VARIABLE)
    numbers = args[0] if isinstance(args[0], list) else [f"plain-{args[0]}"]
    if path:
        with Path(path).open("a") as file:
            file.writelines(f"{number} {now!r}\n" for number in numbers)
