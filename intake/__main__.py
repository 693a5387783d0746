"""The `intake` command."""

import sys
from importlib import import_module
from typing import NoReturn

import typer

# Where each command lives. One command loads its own module alone: all of them take a second.
HOMES = {
    "up": "up",
    "web": "web",
    "relay": "parts",
    "worker": "parts",
    "migrate": "migrate",
    "business": "business",
    "token": "token",
    "user": "user",
    "directory": "directory",
    "channel": "channel",
    "template": "template",
    "form": "form",
    "probe": "probe",
    "source": "source",
    "quarantine": "quarantine",
    "subscription": "subscription",
    "person": "person",
    "sell": "sell",
    "suppression": "suppression",
    "status": "queue",
    "jobs": "queue",
    "retry": "queue",
    "reconcile": "reconcile",
}


def main() -> None:
    """Run a command. What it cannot do is told in one line on standard error, and ends with 1."""
    try:
        build(*sys.argv[1:2])()
    except Exception as error:
        from intake.commands.trouble import told  # noqa: PLC0415 - half a second that only trouble costs

        words = told(error)
        if words is None:
            raise
        fail(words)


def build(wanted: str = "") -> typer.Typer:
    """The command with that sub-command, or with all where `wanted` is none of them.

    Tracebacks are plain, since rich ones show the values.
    """
    app = typer.Typer(
        name="intake",
        help="Takes in sales leads and never loses one.",
        callback=lambda: None,  # Without one, typer would take a command that stands alone for the whole.
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    homes = [HOMES[wanted]] if wanted in HOMES else dict.fromkeys(HOMES.values())
    for home in homes:
        import_module(f"intake.commands.{home}").register(app)
    return app


def fail(message: str) -> NoReturn:
    sys.stderr.write(f"intake: {message}\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
