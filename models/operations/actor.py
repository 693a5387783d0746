"""Who does something: what an activity tells of its author."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.activity import Activity, ActorType
from models.business import User


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff, or the service itself."""

    user_id: int | None
    name: str
    type: ActorType

    def did(self, **columns: Any) -> Activity:  # noqa: ANN401 - an activity's columns
        """The line of a timeline that tells of something this actor did."""
        return Activity(actor_type=self.type, actor_id=self.user_id, actor_name=self.name, **columns)


SYSTEM = Actor(user_id=None, name="lead-intake", type=ActorType.SYSTEM)


def actor_of(session: Session, user_id: int | None) -> Actor:
    """The actor behind a token's user; a token without one acts for the service."""
    user = session.get(User, user_id) if user_id is not None else None
    if user is None:
        return SYSTEM
    return Actor(user_id=user.id, name=user.name or user.username, type=ActorType.USER)
