"""The `intake person` commands: tell all that is kept of somebody, or erase it."""

from typing import Annotated

import msgspec
import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, configure, give_up, read_if_dash
from models.database import transact, transaction
from models.operations.identify import find_business
from models.operations.person.erase import ErasePerson, erase_person, erasures_of
from models.operations.person.export import ExportPerson, export_person
from models.operations.person.find import find_all

group = typer.Typer(no_args_is_help=True, help="A person: what is kept of them, and their erasure.")

Reference = Annotated[
    str, typer.Argument(help="An email address, a unique id, or the uid of a lead; - reads stdin.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="person")


@group.command()
def export(person: Reference, business: OfBusiness, data: Data = DATA) -> None:
    """Print all that a business keeps of somebody, as one JSON document."""
    configure(data)
    with transaction() as session:
        wanted = ExportPerson(business_id=find_business(session, business).id, reference=read_if_dash(person))
        document = export_person(session, wanted)
    typer.echo(msgspec.json.format(msgspec.json.encode(document)).decode())


@group.command()
def erase(person: Reference, business: OfBusiness, *, yes: Yes = False, data: Data = DATA) -> None:
    """Erase somebody from a business for good; a worker finishes it within a minute."""
    configure(data)
    reference = read_if_dash(person)
    if person == "-" and not yes:
        give_up("with - nobody can be asked whether it is meant: say --yes")
    with transaction() as session:
        number = find_business(session, business).id
        found = find_all(session, number, reference)
    if not yes:
        known = f"{len(found.leads)} leads and {len(found.contacts)} contacts go by that"
        typer.confirm(f"{known}. Nothing brings them back. Erase?", abort=True)
    erasure = transact(erase_person, ErasePerson(business_id=number, reference=reference))
    tell(erasure.as_document().items())


@group.command()
def erasures(business: OfBusiness, data: Data = DATA) -> None:
    """List whom a business had erased, by number and time alone, the newest first."""
    configure(data)
    with transaction() as session:
        found = erasures_of(session, find_business(session, business).id)
    tell(one.as_document().values() for one in found)
