"""The commands that run one part of the service: the Procfile's lines."""

import os
import sys
from typing import Annotated

import typer
import uvicorn

from intake.commands.options import DATA, Data, configure
from intake.serving import OPTIONS, open_many_files
from models import database

QUEUES = "notify.email,notify.sms,convert,receive,webhook,default"

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]
Processes = Annotated[int, typer.Option(min=1, help="Web processes.")]
Queues = Annotated[str, typer.Option(help="Comma-separated queues to serve.")]
Concurrency = Annotated[int, typer.Option(min=1, help="Doorbells handled at once.")]
Pool = Annotated[str, typer.Option(help="Celery's pool: threads, prefork or solo.")]


def register(app: typer.Typer) -> None:
    for command in (web, relay, worker, migrate):
        app.command()(command)


def web(data: Data = DATA, host: Host = "127.0.0.1", port: Port = 8000, workers: Processes = 1) -> None:
    """Take in leads over HTTP."""
    configure(data)
    open_many_files()
    uvicorn.run("intake.app:create_app", host=host, port=port, workers=workers, **OPTIONS)


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


def migrate(data: Data = DATA) -> None:
    """Bring the database's schema up to date."""
    configure(data)
    database.migrate()


def _become(module: str, *arguments: str) -> None:
    """Replace this process, since `intake` may not import `workers`; signals then reach the part itself."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - no shell is wanted
