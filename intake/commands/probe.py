"""The command `intake probe`: a test lead goes the whole way of a form, and each step is looked at."""

import time
from collections.abc import Callable
from typing import Annotated, Any

import httpx
import typer

from intake.commands.options import DATA, Data, configure, give_up
from intake.forms.seals import hash_of, probe_pass
from models.database import transact
from models.form import Form
from models.operations.forms import WantedForm, get_form
from models.operations.probe import Steps, seen_of
from models.settings import settings

LOOK_EVERY_SECONDS = 0.2

Reference = Annotated[str, typer.Argument(metavar="FORM", help="Uid or key of the form.")]
Patience = Annotated[
    float, typer.Option("--timeout", min=1, max=3600, help="Seconds for all steps together.")
]

Url = Annotated[str, typer.Option("--url", help="Where the service is. Default: PUBLIC_URL.")]


def register(app: typer.Typer) -> None:
    app.command()(probe)


def probe(form: Reference, timeout: Patience = 30, url: Url = "", data: Data = DATA) -> None:
    """Send a marked test lead by a form, and check each step; ends with 1 where one fails."""
    configure(data)
    found = transact(get_form, WantedForm(form=form))
    deadline = time.monotonic() + timeout
    receipt = posted(found, url or settings().public_url, timeout)
    steps: list[tuple[str, Callable[[Steps], bool]]] = [
        ("receipt", lambda seen: seen.verdict != ""),
        ("lead", lambda seen: seen.lead_uid != ""),
        ("messages promised", lambda seen: seen.promised >= len(found.notifications)),
        ("messages claimed by a worker", lambda seen: seen.done >= seen.promised),
        ("messages entered, and suppressed as a probe's", lambda seen: seen.suppressed >= seen.promised),
    ]
    for name, is_done in steps:
        seen = awaited(receipt, is_done, deadline)
        if not is_done(seen):
            give_up(
                f"failed: {name}, within {timeout:g} s; receipt {receipt} says {seen.verdict or 'nothing'}"
            )
        typer.echo(f"ok: {name}")


def posted(form: Form, base: str, timeout: float) -> str:
    """Post as a browser would; the receipt's uid."""
    url = f"{base.rstrip('/')}/f/{form.key}"
    try:
        answer = httpx.post(url, data=filled(form), headers={"Accept": "text/html"}, timeout=timeout)
    except httpx.HTTPError as exc:
        give_up(f"failed: post to {url}: {type(exc).__name__}")
    if answer.status_code != httpx.codes.SEE_OTHER:
        give_up(f"failed: post to {url}: it answered {answer.status_code}")
    typer.echo("ok: post")
    return str(answer.headers.get("x-request-id", ""))


def filled(form: Form) -> dict[str, str]:
    """Something in each input, and the pass that tells a probe; always from one person who is nobody."""
    person = f"probe-{hash_of(form, 'probe', 'person')[:12]}"
    told = {"email": f"{person}@example.org", "unique_id": person, "name": "Probe", "first_name": "Probe"}
    return {"_probe": probe_pass(form)} | {one["name"]: value_of(one, told) for one in form.fields}


def value_of(one: dict[str, Any], told: dict[str, str]) -> str:
    if one["kind"] == "email":
        return told["email"]
    if one["options"]:
        return str(one["options"][0])
    return told.get(one["maps_to"], "A test of the form; please ignore.")


def awaited(receipt: str, is_done: Callable[[Steps], bool], deadline: float) -> Steps:
    """What is seen of the probe, as soon as a step is done or time is up."""
    while True:
        seen = transact(seen_of, receipt)
        if is_done(seen) or time.monotonic() > deadline:
            return seen
        time.sleep(LOOK_EVERY_SECONDS)
