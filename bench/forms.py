"""Forms and hooks: the rate at which they take in the same people as leadgen does, by one web process."""

from contextlib import ExitStack
from functools import partial

from bench.processes import web
from bench.report import judge, show
from bench.rounds import Goal, interleave
from bench.stage import Stage, engines, stage
from bench.turn import Turn, turn_of
from models.database import engine, transaction
from models.operations.forms import MakeForm, make_form
from models.operations.sources.manage import CreateSource, create_source

CONNECTIONS = 32
LEADGEN, FORM, HOOK = "leadgen", "form", "hook"
# The inputs of the load's own form. A form without a budget for the day, which the load would spend at once.
INPUTS = ("first_name", "last_name", "email", "phone", "address")
SETTINGS = {
    "name": "Contact us",
    "fields": [{"name": name, "label": name, "maps_to": name} for name in INPUTS],
    "notifications": ["email", "sms"],
    "daily_limit": 0,
}
# Whoever posts faster than people do is one machine here.
UNLIMITED = {"FORM_RATE_ADDRESS": "0", "FORM_RATE_FORM": "0"}


def main(*, quick: bool) -> bool:
    """Measure and print; tell whether the goals are met."""
    rounds, seconds = (2, 1.5) if quick else (5, 3.0)
    with engines() as servers, stage(servers) as where, ExitStack() as stack:
        paths = {LEADGEN: "/platform/v1/leadgen", FORM: f"/f/{form(where)}", HOOK: f"/hooks/{source(where)}"}
        process, port = stack.enter_context(web("intake.app:create_app", where.environment | UNLIMITED))
        turns: dict[str, Turn] = {
            name: turn_of(process, port, path, where.token) for name, path in paths.items()
        }
        taken = {name: partial(turn, CONNECTIONS, seconds) for name, turn in turns.items()}
        found = interleave(taken, rounds)
    show(f"forms and hooks, {CONNECTIONS} connections", found)
    return judge(Goal(f"{name} / leadgen", found.ratio(name, LEADGEN), 0.8) for name in (FORM, HOOK))


def form(where: Stage) -> str:
    """The key of a form of the stage's business."""
    with transaction() as session:
        key = make_form(session, MakeForm(business_id=where.business_id, settings=SETTINGS)).key
    engine().dispose()
    return key


def source(where: Stage) -> str:
    """The key of a source that knows its sender by the bearer token which the load sends anyway."""
    command = CreateSource(
        business="bench", name="Partner", preset="json", scheme="bearer", secret=where.token
    )
    with transaction() as session:
        key = create_source(session, command).key
    engine().dispose()
    return key
