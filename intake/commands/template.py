"""The `intake template` commands: a business's own wording of its messages."""

from typing import Annotated

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure
from models.database import transaction
from models.errors import Invalid
from models.operations.identify import find_business
from models.operations.wording import NAMES, PARTS, Wording, remove_wording, set_wording, wordings_of

group = typer.Typer(no_args_is_help=True, help="Templates: a business's own wording of its messages.")

Name = Annotated[str, typer.Option(help=f"Which message: {', '.join(NAMES)}.")]
Part = Annotated[str, typer.Option(help=f"Which part of it: {', '.join(PARTS)}.")]
Source = Annotated[
    typer.FileBinaryRead, typer.Argument(metavar="FILE", help="Jinja2 source in UTF-8; - reads stdin.")
]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="template")


@group.command("set")
def set_(business: OfBusiness, name: Name, part: Part, file: Source, data: Data = DATA) -> None:
    """Use the wording in FILE in place of ours."""
    try:
        source = file.read().decode()
    except UnicodeDecodeError as exc:
        raise Invalid("the template is not UTF-8", "file") from exc
    configure(data)
    with transaction() as session:
        wording = Wording(name=name, part=part, source=source)
        set_wording(session, find_business(session, business), wording)


@group.command("list")
def list_(business: OfBusiness, data: Data = DATA) -> None:
    """Print name, part and time of each wording of the business's own."""
    configure(data)
    with transaction() as session:
        templates = wordings_of(session, find_business(session, business))
    tell((template.name, template.part, template.updated_at) for template in templates)


@group.command()
def remove(business: OfBusiness, name: Name, part: Part, data: Data = DATA) -> None:
    """Go back to our wording."""
    configure(data)
    with transaction() as session:
        remove_wording(session, find_business(session, business), name, part)
