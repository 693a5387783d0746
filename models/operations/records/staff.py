"""The users of a business and the business itself, as records that are read."""

from dataclasses import dataclass

from sqlmodel import Session, select

from models.business import OWNER_FIRST, Business, User
from models.errors import NotFound
from models.operations.actor import Actor, actor_of
from models.operations.records.kind import Kind, Row

USERS = Kind(name="user", table=User)


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaking:
    """Whoever speaks for a business; a token of an app speaks for no user."""

    business_id: int
    user_id: int | None


def acting(session: Session, business_id: int, user_id: int | None) -> Actor:
    """Who does it: the token's user, or the business's owner where a token speaks for no person."""
    if user_id is None:
        users = select(User.id).where(User.business_id == business_id).order_by(*OWNER_FIRST)
        user_id = session.exec(users.limit(1)).first()
    return actor_of(session, user_id)


def find_self(session: Session, command: Speaking) -> Row:
    """Raises `NotFound` where the business has no users."""
    user = session.get(User, acting(session, command.business_id, command.user_id).user_id or 0)
    if user is None:
        raise NotFound("there is no such user", "id")
    return user.model_dump()


def find_account(session: Session, command: Speaking) -> Row:
    """The business itself."""
    return session.get_one(Business, command.business_id).model_dump()
