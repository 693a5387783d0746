"""The `intake form` commands: make, list, show and change the forms of a website."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure
from models.database import transact, transaction
from models.errors import Invalid
from models.form import Form
from models.operations.form_settings import CHECKS
from models.operations.forms import (
    ChangeForm,
    MakeForm,
    RotateForm,
    WantedForm,
    change_form,
    delete_form,
    forms_of,
    get_form,
    make_form,
    rotate_form,
)
from models.operations.identify import find_business
from models.operations.purge import purge

group = typer.Typer(no_args_is_help=True, help="Forms: what a website may send without a secret.")

Reference = Annotated[str, typer.Argument(metavar="FORM", help="Uid or key of the form.")]
Name = Annotated[str, typer.Option(help="What the form is called; the title of its enquiries.")]
Notifications = Annotated[
    str | None, typer.Option(help="Any of auto-reply, email, sms, with commas. Empty: none.")
]
Origins = Annotated[
    list[str] | None, typer.Option("--origin", help="Where its page is, such as https://acme.example.org.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Any setting; the value is JSON, or else a text."),
]
Hours = Annotated[float, typer.Option(min=0, max=8760, help="How long the old key goes on working.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="form")


@group.command()
def create(  # noqa: PLR0913 - an option each
    *,
    business: OfBusiness,
    name: Name,
    notifications: Notifications = None,
    origin: Origins = None,
    setting: Settings = None,
    data: Data = DATA,
) -> None:
    """Make a form with name, email, phone and message, and print its key."""
    settings = given(name, notifications, origin, setting)
    configure(data)
    with transaction() as session:
        tenant = find_business(session, business)
        form = make_form(session, MakeForm(business_id=tenant.id, settings=settings))
    typer.echo(form.key)


@group.command("list")
def list_(business: OfBusiness, data: Data = DATA) -> None:
    """Print uid, key and name of each form."""
    configure(data)
    with transaction() as session:
        forms = forms_of(session, find_business(session, business).id)
    tell((form.uid, form.key, form.name) for form in forms)


@group.command()
def show(form: Reference, data: Data = DATA) -> None:
    """Print the settings of a form, one a line."""
    configure(data)
    tell(shown(transact(get_form, WantedForm(form=form))))


@group.command()
def update(  # noqa: PLR0913 - an option each
    form: Reference,
    *,
    name: Annotated[str | None, typer.Option()] = None,
    notifications: Notifications = None,
    origin: Origins = None,
    setting: Settings = None,
    data: Data = DATA,
) -> None:
    """Change the given settings of a form, and no other."""
    settings = given(name, notifications, origin, setting)
    configure(data)
    transact(change_form, ChangeForm(form=form, settings=settings))


@group.command()
def rotate(form: Reference, overlap_hours: Hours = 24, data: Data = DATA) -> None:
    """Print a new key; the old one ends after the overlap."""
    configure(data)
    typer.echo(transact(rotate_form, RotateForm(form=form, overlap=timedelta(hours=overlap_hours))).key)


@group.command()
def delete(form: Reference, data: Data = DATA) -> None:
    """Take no more posts by a form. What came by it stays."""
    configure(data)
    transact(delete_form, WantedForm(form=form))


@group.command("purge")
def purge_(data: Data = DATA) -> None:
    """Erase what is older than each form's retention_days, and print how much; run it once a day."""
    configure(data)
    with transaction() as session:
        purged = purge(session)
    tell(asdict(purged).items())


def given(
    name: str | None, notifications: str | None, origins: list[str] | None, settings: list[str] | None
) -> dict[str, object]:
    """The settings that the options name. Raises `Invalid`."""
    sent: dict[str, object] = dict(setting_of(one) for one in settings or ())
    if name is not None:
        sent["name"] = name
    if notifications is not None:
        sent["notifications"] = notifications.replace("_", "-").split(",")
    if origins is not None:
        sent["origins"] = origins
    return sent


def setting_of(text: str) -> tuple[str, Any]:
    """A setting out of NAME=VALUE: numbers, switches and lists are written in JSON."""
    name, equals, value = text.partition("=")
    if not equals:
        raise Invalid("write a setting as NAME=VALUE", "set")
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return name, value
    # A text that looks like a number, such as the name 2027, is a text all the same.
    return name, value if isinstance(read, int | float) and name in TEXTS else read


TEXTS = {"name", "source", "consent", "language", "success_url", "error_url"}


def shown(form: Form) -> list[tuple[str, object]]:
    settings = [(name, getattr(form, name)) for name in CHECKS]
    return [
        ("uid", form.uid),
        ("key", form.key),
        *((name, json.dumps(value) if isinstance(value, list | bool) else value) for name, value in settings),
        ("created_at", form.created_at),
        ("updated_at", form.updated_at),
    ]
