"""Wording: a business's own text of one part of one message, in place of ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlmodel import Session, col, select

from models.business import Business, MessageTemplate
from models.database import now
from models.errors import Invalid, NotFound

NAMES = (
    "auto-reply",
    "owner-email",
    "owner-sms",
    "owner-channel",
    "assignee-email",
    "opt-in-confirmation",
    "appointment-confirmation",
    "appointment-reminder",
    "subscription-disabled",
    "silence-alarm",
    "message-given-up",
    "webhook-failed",
    "posts-quarantined",
)
PARTS = ("subject", "text", "html", "sms")
LONGEST = 65_536

SANDBOX = ImmutableSandboxedEnvironment(autoescape=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The Jinja2 source of one part of one message."""

    name: str
    part: str
    source: str


def set_wording(session: Session, business: Business, wording: Wording) -> MessageTemplate:
    """Keep a wording in place of the one before. Raises `Invalid`, naming the line of a syntax error."""
    _check(wording.name, wording.part)
    _check_source(wording.source)
    template = _find(session, business, wording.name, wording.part)
    if template is None:
        template = MessageTemplate(business_id=business.id, name=wording.name, part=wording.part)
    else:
        template.updated_at = now(session)
    template.source = wording.source
    session.add(template)
    session.flush()
    return template


def wordings_of(session: Session, business: Business) -> Sequence[MessageTemplate]:
    templates = select(MessageTemplate).where(col(MessageTemplate.business_id) == business.id)
    return session.exec(templates.order_by(col(MessageTemplate.name), col(MessageTemplate.part))).all()


def remove_wording(session: Session, business: Business, name: str, part: str) -> None:
    """Go back to our own text. Raises `NotFound` where the business has none of its own."""
    _check(name, part)
    template = _find(session, business, name, part)
    if template is None:
        raise NotFound("the business has no wording of its own for this part", "part")
    session.delete(template)


def _find(session: Session, business: Business, name: str, part: str) -> MessageTemplate | None:
    statement = select(MessageTemplate).where(
        col(MessageTemplate.business_id) == business.id,
        col(MessageTemplate.name) == name,
        col(MessageTemplate.part) == part,
    )
    return session.exec(statement).first()


def _check(name: str, part: str) -> None:
    for field, value, allowed in (("name", name, NAMES), ("part", part, PARTS)):
        if value not in allowed:
            message = f"{field} must be one of {', '.join(allowed)}"
            raise Invalid(message, field)


def _check_source(source: str) -> None:
    if len(source) > LONGEST:
        message = f"the template is longer than {LONGEST} characters"
        raise Invalid(message, "file")
    if "\0" in source:
        raise Invalid("the template contains a NUL character", "file")
    try:
        SANDBOX.parse(source)
    except TemplateSyntaxError as exc:
        message = f"line {exc.lineno} of the template: {exc.message}"
        raise Invalid(message, "file") from exc
