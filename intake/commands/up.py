"""Runs the whole service on one machine: engines, sinks, web, relay and workers as one group."""

import os
import shutil
import socket
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from intake.commands import group
from intake.commands.options import DATA, Data, adopt, give_up
from intake.supervisor import NotReady, Part, Stopped, Supervisor
from models import database
from models.embedded import EngineTrouble, create_database, locked, prepare_postgres, prepare_valkey
from models.operations.found import DEMO, found_demo
from models.settings import settings

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0: any free one.")]


def register(app: typer.Typer) -> None:
    app.command()(up)


def up(data: Data = DATA, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run everything here, on embedded engines where no URL is given."""
    data = data.resolve()
    try:
        port = _free_port(host, port)
        with locked(data), Supervisor() as supervisor:
            _start(supervisor, data, host, port)
            supervisor.watch()
    except Stopped:
        return
    except OperationalError:
        give_up("the database does not answer: check DATABASE_URL")
    except (EngineTrouble, NotReady, OSError) as trouble:
        give_up(str(trouble))


def _start(supervisor: Supervisor, data: Path, host: str, port: int) -> None:
    _start_engines(supervisor, data)
    database.migrate()
    token = _found(data)
    _start_sinks(supervisor, data)
    adopt({"PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://localhost:{port}"})
    adopt({"PROMETHEUS_MULTIPROC_DIR": str(_emptied(data / "metrics"))})
    supervisor.start(*group.service(data, host, port), patience=120)
    typer.echo(_welcome(token, inbox=settings().inbox_dir is not None))


def _start_engines(supervisor: Supervisor, data: Path) -> None:
    if not settings().database_url:
        engine = prepare_postgres(data)
        supervisor.start(Part(program=engine, group=group.ENGINES, stop_seconds=8))
        create_database(data)
        adopt({"DATABASE_URL": engine.url})
    if not settings().redis_url:
        engine = prepare_valkey(data)
        supervisor.start(Part(program=engine, group=group.ENGINES, stop_seconds=8))
        adopt({"REDIS_URL": engine.url})


def _start_sinks(supervisor: Supervisor, data: Path) -> None:
    """What would leave the machine is caught where no provider is named."""
    inbox = data / "inbox"
    if not settings().smtp_url:
        port = _free_port("127.0.0.1", 0)
        adopt({"SMTP_URL": f"smtp://127.0.0.1:{port}", "INBOX_DIR": str(inbox)})
        supervisor.start(group.sink("mail", port, inbox))
    if not settings().sms_url:
        port = _free_port("127.0.0.1", 0)
        url = f"twilio://ACsink:sink@127.0.0.1:{port}/+15005550006?scheme=http"
        adopt({"SMS_URL": url, "INBOX_DIR": str(inbox)})
        supervisor.start(group.sink("sms", port, inbox))


def _found(data: Path) -> str:
    """The demo business's token: told on the first start, kept for later ones; empty where there is none."""
    kept = data / "demo-token"
    with database.transaction() as session:
        # Written before the commit: a token is told once, and nobody could learn it afterwards.
        if demo := found_demo(session):
            kept.touch(mode=0o600)
            kept.write_text(demo.token)
    database.engine().dispose()  # This process only watches from here on.
    return kept.read_text() if kept.exists() else ""


def _welcome(token: str, *, inbox: bool) -> str:
    url = settings().public_url
    lines = ["", "lead-intake is ready.", "", f"  service   {url}"]
    lines += [f"  inbox     {url}/inbox"] if inbox else []
    lines += [f"  desk      {url}/desk", f"  metrics   {url}/metrics"]
    if token:
        lines += [f"  business  {DEMO.name} ({DEMO.nickname})", f"  token     {token}"]
        lines += ["", "Post a lead:", "", _curl(url, token)]
    else:
        lines += [f"  token     make one: intake token create --business {DEMO.nickname}"]
    return "\n".join([*lines, "", "Ctrl-C stops everything; the data stays.", ""])


def _curl(url: str, token: str) -> str:
    fields = (
        "identifier_type=email email=ada@example.org first_name=Ada last_name=Lovelace phone=+14155550123 "
        "request_title=Question notifications=auto-reply,email,sms"
    )
    data = " ".join(f"-d {field}" for field in fields.replace("=+", "=%2B").split())
    return f"curl -sS {url}/platform/v1/leadgen -H 'Authorization: Bearer {token}' {data}"


def _emptied(folder: Path) -> Path:
    """Counters of processes that are gone would be added to those of today."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _free_port(host: str, port: int) -> int:
    """The port itself if it is free, any free one for 0; raises `OSError` with a sentence for a person."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as refusal:
            message = f"cannot listen on {host}:{port} ({refusal.strerror}): choose another --port"
            raise OSError(message) from None
        return int(probe.getsockname()[1])
