"""The `intake business` commands: make, list, show and change businesses."""

from typing import Annotated

import typer
from sqlmodel import col, select

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, configure
from models.business import Business
from models.database import transact, transaction
from models.operations.found import ChangeBusiness, FoundBusiness, change_business, found_business
from models.operations.identify import find_business

SHOWN = (
    "uid",
    "nickname",
    "external_id",
    "name",
    "email",
    "phone",
    "url",
    "country",
    "timezone",
    "currency",
    "appointment_mails",
    "crm_notifications",
    "created_at",
)

group = typer.Typer(no_args_is_help=True, help="Businesses: the tenants.")

Reference = Annotated[str, typer.Argument(help="Uid, nickname or external id of the business.")]
Nickname = Annotated[str, typer.Option(help="Short name, for good: lower-case letters, digits, hyphens.")]
Name = Annotated[str, typer.Option(help="Name as people read it.")]
Email = Annotated[str, typer.Option(help="Owner's email address.")]
Phone = Annotated[str, typer.Option(help="Owner's telephone number.")]
Country = Annotated[str, typer.Option(help="ISO 3166 code; phone numbers without a prefix are of it.")]
Zone = Annotated[str, typer.Option(help="Time zone, such as Europe/Berlin.")]
Currency = Annotated[str, typer.Option(help="ISO 4217 code.")]
Url = Annotated[str, typer.Option(help="Web site.")]
ExternalId = Annotated[str, typer.Option(help="What another system calls the business.")]
Directory = Annotated[str, typer.Option(help="Uid or name of its directory.")]
CrmNotifications = Annotated[
    str | None,
    typer.Option(help="Leads of the Leads & CRM API: email,sms,assignee,auto-reply; empty: tell nobody."),
]
Owner = Annotated[str, typer.Option(help="Username of the owner, its first user.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="business")


@group.command()
def create(  # noqa: PLR0913 - an option each
    *,
    nickname: Nickname,
    name: Name,
    email: Email,
    phone: Phone = "",
    country: Country = "US",
    timezone: Zone = "UTC",
    currency: Currency = "USD",
    url: Url = "",
    external_id: ExternalId = "",
    directory: Directory = "",
    owner: Owner = "owner",
    data: Data = DATA,
) -> None:
    """Make a business with its owner as first user, and print its uid."""
    command = FoundBusiness(
        nickname=nickname,
        name=name,
        email=email,
        phone=phone,
        country=country,
        timezone=timezone,
        currency=currency,
        url=url,
        external_id=external_id,
        directory=directory,
        owner=owner,
    )
    configure(data)
    typer.echo(transact(found_business, command).uid)


@group.command("list")
def list_(data: Data = DATA) -> None:
    """Print uid, nickname and name of every business."""
    configure(data)
    with transaction() as session:
        businesses = session.exec(select(Business).order_by(col(Business.id))).all()
    tell((business.uid, business.nickname, business.name) for business in businesses)


@group.command()
def show(reference: Reference, data: Data = DATA) -> None:
    """Print the fields of a business, one a line."""
    configure(data)
    with transaction() as session:
        business = find_business(session, reference)
    tell((field, shown(getattr(business, field))) for field in SHOWN)


def shown(value: object) -> object:
    return ",".join(value) if isinstance(value, list) else value


@group.command()
def update(  # noqa: PLR0913 - an option each
    reference: Reference,
    *,
    name: Annotated[str | None, typer.Option()] = None,
    email: Annotated[str | None, typer.Option()] = None,
    phone: Annotated[str | None, typer.Option()] = None,
    country: Annotated[str | None, typer.Option()] = None,
    timezone: Annotated[str | None, typer.Option()] = None,
    currency: Annotated[str | None, typer.Option()] = None,
    url: Annotated[str | None, typer.Option()] = None,
    external_id: Annotated[str | None, typer.Option(help="Empty: none any more.")] = None,
    appointment_mails: Annotated[
        bool | None, typer.Option(help="Whether leads are written to about their appointments.")
    ] = None,
    crm_notifications: CrmNotifications = None,
    data: Data = DATA,
) -> None:
    """Change the given fields of a business, and no other."""
    sent = {
        "name": name,
        "email": email,
        "phone": phone,
        "country": country,
        "timezone": timezone,
        "currency": currency,
        "url": url,
        "external_id": external_id,
    }
    changes = {field: value for field, value in sent.items() if value is not None}
    configure(data)
    words = (crm_notifications or "").replace(",", " ").split()
    told = None if crm_notifications is None else words
    command = ChangeBusiness(
        business=reference,
        changes=changes,
        appointment_mails=appointment_mails,
        crm_notifications=told,
    )
    transact(change_business, command)
