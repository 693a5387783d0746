"""Staff: the users of a business."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models.business import OWNER_FIRST, Business, User
from models.errors import Invalid, NotFound, Taken
from models.identifiers import email_address
from models.operations.fields import plain
from models.operations.identify import find_business
from models.passwords import hashed

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")
ADMIN = "admin"
ROLES = (ADMIN, "user")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hire:
    """Add a user to the business that `business` names by uid, nickname or external id.

    A user without a password cannot log in.
    """

    business: str
    username: str
    name: str = ""
    email: str = ""
    role: str = "user"
    password: str | None = field(default=None, repr=False)


def hire(session: Session, command: Hire) -> User:
    """Raises `UnknownBusiness`, `Invalid` or `Taken`."""
    return enlist(session, find_business(session, command.business), command)


def enlist(session: Session, business: Business, command: Hire) -> User:
    """Add a user to a business that is known already."""
    if not USERNAME.fullmatch(command.username):
        raise Invalid("username must be lower-case letters, digits or any of . _ @ + -", "username")
    if command.role not in ROLES:
        message = f"role must be one of {', '.join(ROLES)}"
        raise Invalid(message, "role")
    if named_user(session, business.id, command.username):
        raise Taken("another user of this business has this username", "username")
    user = User(
        business_id=business.id,
        username=command.username,
        name=plain(command.name, "name"),
        email=email_address(command.email).address if command.email else "",
        role=command.role,
        password_hash="" if command.password is None else hashed(command.password),
    )
    session.add(user)
    session.flush()
    return user


def find_user(session: Session, business: Business, username: str) -> User:
    user = named_user(session, business.id, username)
    if user is None:
        raise NotFound("no user of this business has this username", "user")
    return user


def users_of(session: Session, business: Business) -> Sequence[User]:
    """The users of a business, its owner first."""
    users = select(User).where(col(User.business_id) == business.id)
    return session.exec(users.order_by(*OWNER_FIRST)).all()


def named_user(session: Session, business_id: int, username: str) -> User | None:
    """The user with this name, whatever the case in which it was typed."""
    # PostgreSQL takes neither NUL nor half a surrogate pair, and no name of ours holds them.
    if not username.isprintable():
        return None
    named = select(User).where(User.business_id == business_id, User.username == username.lower())
    return session.exec(named).first()
