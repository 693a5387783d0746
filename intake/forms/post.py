"""A post of a form: what was filled in, read into a lead by the form's own map of its inputs."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from intake.forms.agreed import agrees
from intake.forms.book import OpenForm
from intake.forms.inputs import NAME, PROSE
from models.errors import Invalid, Refusal
from models.identifiers import EmailAddress, email_address, phone_e164
from models.job import JobKind
from models.lead import IdentityKind
from models.operations.commands import Arrival, CaptureLead
from models.operations.form_fields import RESERVED

TOGETHER = ", "


class BadPost(Refusal):
    """Inputs that are refused, each with a word of `intake.forms.words`."""

    reason = "invalid"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(f"the form refuses its inputs {', '.join(faults)}", next(iter(faults)))
        self.faults = faults


class Post(Struct, frozen=True):
    """What was filled in, by input; `shared` is without blanks and without the inputs of our own."""

    values: dict[str, str] = {}
    shared: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def content_hash(self) -> str:
        """One content from another, whatever page it came from; who agrees after all says something new."""
        said = msgspec.json.encode([sorted(self.shared.items()), agrees(self["consent"])])
        return hashlib.blake2b(said, digest_size=16).hexdigest()


def post_of(pairs: Iterable[tuple[str, str]]) -> Post:
    """Names are flat: `tags[]` is what some toolkits call a group of checkboxes, and means `tags`.

    Several values of one name stand together.
    """
    values: dict[str, str] = {}
    for sent, given in pairs:
        name, value = sent.removesuffix("[]"), given.strip()
        held = values.get(name)
        values[name] = f"{held}{TOGETHER}{value}" if held and value else held or value
    # Inputs of ours begin with an underscore, as some of browsers' own do.
    shared = {
        name: value for name, value in values.items() if value and name[:1] != "_" and name not in RESERVED
    }
    return Post(values, shared)


def read(open_form: OpenForm, post: Post, arrival: Arrival) -> CaptureLead:
    """Raises `BadPost`, naming each input that is refused. Only the form says what an input may tell."""
    return command_of(open_form, post, *told_by(open_form, post), arrival)


def command_of(
    open_form: OpenForm, post: Post, told: Mapping[str, str], email: EmailAddress | None, arrival: Arrival
) -> CaptureLead:
    """The lead of a post whose inputs were read by `told_by`."""
    form, tenant = open_form.form, open_form.tenant
    phone = told.get("phone", "")
    first, last = names_of(told)
    agreed = bool(arrival.visit and arrival.visit.consent)
    is_to_confirm = agreed and form.double_opt_in and email is not None
    notifications = open_form.kinds | {JobKind.OPT_IN_CONFIRMATION} if is_to_confirm else open_form.kinds
    return CaptureLead(
        arrival=arrival,
        match_on=known_by(open_form.identifier, email, told),
        title=told.get("title") or form.name,
        first_name=first,
        last_name=last,
        email=email,
        unique_id=told.get("unique_id", ""),
        phone=phone,
        phone_e164=phone_e164(phone, tenant.country),
        address=told.get("address", ""),
        source=form.source or form.name,
        source_url=page_of(arrival),
        tags=tuple(form.tags),
        opt_in=agreed and not form.double_opt_in,
        message_data=message_of(open_form, post, told.get("message", "")),
        notifications=notifications,
        # Further owner channels hear of whatever the owner is told of at all.
        owner_channels=tenant.owner_channels if notifications & OWNER else (),
    )


OWNER = {JobKind.OWNER_EMAIL, JobKind.OWNER_SMS}


def told_by(open_form: OpenForm, post: Post) -> tuple[dict[str, str], EmailAddress | None]:
    """What the inputs tell of the lead, and its address. Raises `BadPost`."""
    faults: dict[str, str] = {}
    told: dict[str, str] = {}
    email: EmailAddress | None = None
    for name, one in open_form.inputs.items():
        value = post[name]
        fault = one.fault(value)
        if one.is_email and value and not fault:
            try:
                address = email_address(value)
            except Invalid:
                fault = "email"
            else:
                email = address if one.maps_to == "email" else email
        if fault:
            faults[name] = fault
        elif one.maps_to:
            told[one.maps_to] = value
    if faults:
        raise BadPost(faults)
    return told, email


def names_of(told: Mapping[str, str]) -> tuple[str, str]:
    """The first name and the rest: of one input for both, the first word is the first name."""
    first, _, last = told.get("name", "").partition(" ")
    return told.get("first_name") or first, told.get("last_name") or last.strip()


def page_of(arrival: Arrival) -> str:
    """The page on which the lead was made, as far as the browser tells."""
    visit = arrival.visit
    return (visit.touch.get("landing_page", "") or visit.referrer) if visit else ""


def known_by(kind: IdentityKind, email: EmailAddress | None, told: Mapping[str, str]) -> IdentityKind | None:
    """What to look for a known lead by. Who leaves it out is taken in as somebody new."""
    is_given = email is not None if kind == IdentityKind.EMAIL else bool(told.get("unique_id"))
    return kind if is_given else None


def message_of(open_form: OpenForm, post: Post, text: str) -> dict[str, str]:
    """What stands in the enquiry: the message, then all that tells nothing of the lead's record, by label.

    What the form does not know has no limit of its own, and is cut instead of refused.
    """
    # By this label templates find it, so no other input may have it.
    message = {"Message": text} if text else {}
    for name, value in post.shared.items():
        one = open_form.inputs.get(name)
        if one is None or not one.maps_to:
            label = one.label if one else name[:NAME]
            while label in message:
                label = f"{label} ({name})"
            message[label] = value[:PROSE]
    return message
