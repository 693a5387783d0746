"""Assign: who is to work on a lead, and who is told of it as the business wishes."""

from dataclasses import dataclass

from sqlmodel import Session

from models.business import Business, User
from models.errors import UnknownUser
from models.job import JobKind
from models.lead import Lead
from models.operations.promise import job_of, promise
from models.operations.staff import named_user

ASSIGNEE = "assignee"
NOTIFICATIONS = {
    "email": JobKind.OWNER_EMAIL,
    "sms": JobKind.OWNER_SMS,
    ASSIGNEE: JobKind.ASSIGNEE_EMAIL,
    "auto-reply": JobKind.AUTO_REPLY,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedAssignee:
    """Who shall work on a new lead: None means whoever makes it."""

    business_id: int
    user_id: int
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """The assignee's id, and the messages that a new lead of theirs promises."""

    user_id: int
    notifications: frozenset[JobKind]


def assignment_of(session: Session, wanted: WantedAssignee) -> Assignment:
    """Raises `UnknownUser`."""
    business = session.get_one(Business, wanted.business_id)
    if wanted.assignee is None:
        user = session.get_one(User, wanted.user_id)
    else:
        user = assignee_of(session, business.id, wanted.assignee)
    kinds = {NOTIFICATIONS[word] for word in business.crm_notifications if word in NOTIFICATIONS}
    if JobKind.OWNER_EMAIL in kinds and user.email.casefold() == business.email.casefold():
        # The owner's email tells them already.
        kinds.discard(JobKind.ASSIGNEE_EMAIL)
    return Assignment(user.id, frozenset(kinds))


def assignee_of(session: Session, business_id: int, username: str) -> User:
    """Somebody who can be assigned a lead. Raises `UnknownUser`."""
    user = named_user(session, business_id, username)
    if user is None or not user.active:
        raise UnknownUser("there is no such user", ASSIGNEE)
    return user


def promise_reassigned(session: Session, lead: Lead, assignee_id: int) -> None:
    """Owe the new assignee an email, where the business wants assignees to be told."""
    business = session.get_one(Business, lead.business_id)
    if ASSIGNEE in business.crm_notifications:
        promise(session, job_of(JobKind.REASSIGNED_EMAIL, lead.business_id, lead.id, assignee_id))
