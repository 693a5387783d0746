"""Forms: made, listed, shown, changed, given a new key, and taken away."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.business import Business
from models.database import now
from models.errors import Invalid, NotFound
from models.form import Form
from models.identifiers import new_uid
from models.operations.form_fields import DEFAULT_FIELDS
from models.operations.form_settings import CHECKS, agree
from models.operations.form_wordings import reword
from models.operations.tokens import ALPHABET

KEY_LENGTH, SECRET_BYTES = 22, 32
MOST_FORMS = 200
OVERLAP = timedelta(hours=24)


class UnknownForm(NotFound):
    reason = "unknown_form"


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeForm:
    """A form of a business, with whatever of its settings shall not be as usual."""

    business_id: int
    settings: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeForm:
    """New settings of the form that `form` names by its uid or its key."""

    form: str
    business_id: int | None = None
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateForm:
    """A new key; pages that carry the old one have `overlap` to be changed."""

    form: str
    business_id: int | None = None
    overlap: timedelta = OVERLAP


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedForm:
    """The form that `form` names by its uid or its key; of that business, where one is named."""

    form: str
    business_id: int | None = None


def make_form(session: Session, command: MakeForm) -> Form:
    """Raises `Invalid` naming the setting."""
    if len(forms_of(session, command.business_id)) >= MOST_FORMS:
        message = f"a business may have {MOST_FORMS} forms at most"
        raise Invalid(message)
    settings = {"fields": DEFAULT_FIELDS, "name": ""} | checked(command.settings)
    if not settings["name"]:
        raise Invalid("name must not be empty", "name")
    form = Form(
        business_id=command.business_id,
        uid=new_uid(),
        key=new_key(),
        secret=secrets.token_bytes(SECRET_BYTES),
        **settings,
    )
    agree(form)
    session.add(form)
    session.flush()
    return form


def change_form(session: Session, command: ChangeForm) -> Form:
    """Raises `UnknownForm`, and `Invalid` naming the setting."""
    form, settings = found(session, command), checked(command.settings)
    reword(form, settings.pop("consent", form.consent))
    for name, value in settings.items():
        setattr(form, name, value)
    agree(form)
    return kept(session, form)


def rotate_form(session: Session, command: RotateForm) -> Form:
    """Raises `UnknownForm`. A key that was old already ends now."""
    form = found(session, command)
    form.old_key, form.old_key_until = form.key, now(session) + command.overlap
    form.key = new_key()
    return kept(session, form)


def delete_form(session: Session, wanted: WantedForm) -> None:
    """Take no more posts. What came by the form stays. Raises `UnknownForm`."""
    form = found(session, wanted)
    form.deleted_at = now(session)
    kept(session, form)


def get_form(session: Session, wanted: WantedForm) -> Form:
    """Raises `UnknownForm`."""
    return found(session, wanted)


def forms_of(session: Session, business_id: int) -> Sequence[Form]:
    """The forms of a business, the oldest first."""
    living = select(Form).where(col(Form.business_id) == business_id, col(Form.deleted_at).is_(None))
    return session.exec(living.order_by(col(Form.id))).all()


def open_form(session: Session, key: str) -> tuple[Form, Business] | None:
    """The form behind a key that stands in a page, and whose it is; None where it is unknown or has ended."""
    both = session.exec(
        select(Form, Business)
        .join(Business, col(Business.id) == col(Form.business_id))
        .where(or_(col(Form.key) == key, col(Form.old_key) == key), col(Form.deleted_at).is_(None))
    ).first()
    if both is None:
        return None
    form = both[0]
    has_ended = form.key != key and (form.old_key_until is None or form.old_key_until <= now(session))
    return None if has_ended else (form, both[1])


def kept(session: Session, form: Form) -> Form:
    form.updated_at = now(session)
    session.add(form)
    session.flush()
    return form


def checked(settings: Mapping[str, object]) -> dict[str, Any]:
    """The settings in the form in which they are kept. Raises `Invalid`."""
    unknown = settings.keys() - CHECKS.keys()
    if unknown:
        message = f"a form has no setting {min(unknown)}"
        raise Invalid(message, min(unknown))
    return {name: CHECKS[name](name, value) for name, value in settings.items()}


def found(session: Session, wanted: WantedForm | ChangeForm | RotateForm) -> Form:
    statement = select(Form).where(
        or_(col(Form.uid) == wanted.form, col(Form.key) == wanted.form), col(Form.deleted_at).is_(None)
    )
    if wanted.business_id is not None:
        statement = statement.where(col(Form.business_id) == wanted.business_id)
    form = session.exec(statement.with_for_update()).first() if wanted.form.isprintable() else None
    if form is None:
        raise UnknownForm("no form has this uid or key", "form")
    return form


def new_key() -> str:
    """131 random bits in letters and digits, which no command takes for an option."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH))
