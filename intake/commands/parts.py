"""The commands that become a part behind the web: relay and workers."""

import os
import sys
from typing import Annotated

import typer

from intake.commands.options import DATA, Data, configure

QUEUES = "notify.email,notify.sms,convert,receive,webhook,default"

Queues = Annotated[str, typer.Option(help="Comma-separated queues to serve.")]
Concurrency = Annotated[int, typer.Option(min=1, help="Doorbells handled at once.")]
Pool = Annotated[str, typer.Option(help="Celery's pool: threads, prefork or solo.")]


def register(app: typer.Typer) -> None:
    app.command()(relay)
    app.command()(worker)


def relay(data: Data = DATA) -> None:
    """Ring the workers for jobs that are due."""
    configure(data, broker=True)
    _become("workers.relay")


def worker(
    data: Data = DATA, queues: Queues = QUEUES, concurrency: Concurrency = 8, pool: Pool = "threads"
) -> None:
    """Do the jobs of some queues."""
    configure(data, broker=True)
    name = f"{queues.partition(',')[0]}-{os.getpid()}@%h"  # Celery wants a name of its own for each.
    size = ("-P", pool, "-c", str(concurrency))
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
    _become("celery", "--quiet", "-A", "workers.app", "worker", *size, "-Q", queues, "-n", name, *quiet)


def _become(module: str, *arguments: str) -> None:
    """Replace this process, since `intake` may not import `workers`; signals then reach the part itself."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - no shell is wanted
