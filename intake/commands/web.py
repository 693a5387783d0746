"""The command `intake web`."""

from typing import Annotated

import typer
import uvicorn

from intake.commands.options import DATA, Data, configure
from intake.serving import OPTIONS, open_many_files

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]
Processes = Annotated[int, typer.Option(min=1, help="Web processes.")]


def register(app: typer.Typer) -> None:
    app.command()(web)


def web(data: Data = DATA, host: Host = "127.0.0.1", port: Port = 8000, workers: Processes = 1) -> None:
    """Take in leads over HTTP."""
    configure(data)
    open_many_files()
    uvicorn.run("intake.app:create_app", host=host, port=port, workers=workers, **OPTIONS)
