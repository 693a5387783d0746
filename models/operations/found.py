"""Found: how a business comes into being, with its owner as first user, and how its profile changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from models import advisory
from models.business import Business, TokenKind
from models.errors import Invalid, Taken
from models.identifiers import new_uid
from models.operations.directories import find_directory
from models.operations.fields import checked
from models.operations.identify import find_business
from models.operations.owned.assign import NOTIFICATIONS
from models.operations.staff import ADMIN, Hire, enlist
from models.operations.tokens import issue

MAY_CHANGE = frozenset(
    ("name", "email", "phone", "country", "timezone", "currency", "url", "external_id"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundBusiness:
    """Bring a business into being. `directory` names one by uid or name; `owner` is the first username."""

    nickname: str
    name: str
    email: str
    phone: str = ""
    country: str = "US"
    timezone: str = "UTC"
    currency: str = "USD"
    url: str = ""
    external_id: str = ""
    directory: str = ""
    owner: str = "owner"
    owner_name: str = ""

    def profile(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("nickname", *MAY_CHANGE)}


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeBusiness:
    """Write new values into the named fields of a business's profile, and into no other.

    `crm_notifications`: who is told of leads of the Leads & CRM tongue; None leaves it as it is.
    """

    business: str
    changes: Mapping[str, str]
    appointment_mails: bool | None = None
    crm_notifications: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo business, and the token that it was born with."""

    business: Business
    token: str


DEMO = FoundBusiness(
    nickname="demo",
    name="Demo",
    email="owner@example.org",
    phone="+14155550100",
    owner_name="Demo Owner",
)


def found_business(session: Session, command: FoundBusiness) -> Business:
    """Raises `Invalid` or `Taken` naming the field, and `NotFound` for the directory."""
    profile = checked(command.profile(), command.country)
    _lock_names(session)
    for field in ("nickname", "external_id"):
        _refuse_taken(session, field, profile[field])
    business = Business.model_validate({"uid": new_uid(), **profile})
    if command.directory:
        business.directory_id = find_directory(session, command.directory).id
    session.add(business)
    session.flush()
    owner = Hire(
        business=business.uid,
        username=command.owner,
        name=command.owner_name,
        email=business.email,
        role=ADMIN,
    )
    enlist(session, business, owner)
    return business


def change_business(session: Session, command: ChangeBusiness) -> Business:
    """Raises `UnknownBusiness`, `Invalid` or `Taken`. A nickname is for good: callers hold it."""
    if not command.changes.keys() <= MAY_CHANGE:
        message = f"only these may change: {', '.join(sorted(MAY_CHANGE))}"
        raise Invalid(message)
    business = find_business(session, command.business)
    changes = checked(command.changes, business.country)
    if changes.get("external_id") != business.external_id:
        _lock_names(session)
        _refuse_taken(session, "external_id", changes.get("external_id"))
    for name, value in changes.items():
        setattr(business, name, value)
    if command.appointment_mails is not None:
        business.appointment_mails = command.appointment_mails
    if command.crm_notifications is not None:
        business.crm_notifications = _told(command.crm_notifications)
    session.add(business)
    session.flush()
    return business


def _told(wanted: Sequence[str]) -> list[str]:
    if not set(wanted) <= NOTIFICATIONS.keys():
        message = f"crm_notifications must be any of {', '.join(NOTIFICATIONS)}"
        raise Invalid(message, "crm_notifications")
    return [word for word in NOTIFICATIONS if word in wanted]


def found_demo(session: Session) -> Demo | None:
    """Make the demo business and its token on the first start; None where there is one already."""
    _lock_names(session)
    if session.exec(select(Business).where(col(Business.nickname) == DEMO.nickname)).first():
        return None
    business = found_business(session, DEMO)
    return Demo(business, issue(session, business=business, kind=TokenKind.STAFF))


def _lock_names(session: Session) -> None:
    """One at a time, until the transaction ends."""
    session.exec(select(func.pg_advisory_xact_lock(advisory.NAMES)))


def _refuse_taken(session: Session, field: str, value: str | None) -> None:
    """A name of one business must never mean another, or a directory would write into the wrong one."""
    if value is None:
        return
    columns = (Business.uid, Business.nickname, Business.external_id)
    holders = select(Business.id).where(or_(*(col(column) == value for column in columns)))
    if session.exec(holders).first() is not None:
        message = f"{field} is taken: it already names a business"
        raise Taken(message, field)
