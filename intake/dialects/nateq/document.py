"""What the body of a contact's update says: the fifteen fields of seed 002, each absent, new or cleared.

All other fields are ignored, so that a caller may send back a whole contact: nobody changes an id, a
date or another organization's business by naming it.
"""

from collections.abc import Callable

from intake.body import Document, Value
from intake.dialects.nateq.envelope import BadFields, Details
from models.errors import Invalid
from models.identifiers import email_address, phone_e164

# Column and greatest length by field; where the seed names no length, ours is generous.
TEXTS = {
    "avatar": ("avatar", 2048),
    "channelData": ("channel_data", 16_384),
    "country": ("country", 100),
    "email": ("email", 255),
    "externalId": ("external_id", 255),
    "language": ("language", 10),
    "name": ("name", 255),
    "phone": ("phone", 50),
    "position": ("position", 255),
    "source": ("source", 100),
}
SWITCHES = {
    "doNotContact": "do_not_contact",
    "isAnonymous": "is_anonymous",
    "isPotentialClient": "is_potential_client",
}
TYPES = ("contact", "guest", "customer")
COMPANY_ID = 255

Changes = dict[str, str | bool]


def read(document: Document, region: str) -> tuple[Changes, str | None]:
    """The columns to write, and the wanted company (None: as it is). Raises `BadFields` with all at fault."""
    details: Details = {}
    changes: Changes = {}
    company: str | None = None
    for field, value in document.items():
        try:
            if field == "companyId":
                company = text(value, COMPANY_ID)
            elif read_field := READERS.get(field):
                changes |= read_field(value)
        except Invalid as exc:
            details[field] = [exc.message]
    if details:
        raise BadFields(details)
    if isinstance(phone := changes.get("phone"), str):
        changes["phone_e164"] = phone_e164(phone, region)
    return changes, company


def text(value: Value, longest: int) -> str:
    """A text without blanks around it; null clears."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid("must be a string")
    if len(value) > longest:
        raise Invalid(f"must be at most {longest} characters long")
    return value.strip()


def text_reader(column: str, longest: int) -> Callable[[Value], Changes]:
    return lambda value: {column: text(value, longest)}


def email(value: Value) -> Changes:
    typed = text(value, TEXTS["email"][1])
    if not typed:
        return {"email": ""}
    try:
        return {"email": email_address(typed).address}
    except Invalid:
        raise Invalid("must be a valid email address") from None


def switch_reader(column: str) -> Callable[[Value], Changes]:
    """True or false and nothing else: a text that reads as false must not undo an opt-out."""

    def read_switch(value: Value) -> Changes:
        if not isinstance(value, bool):
            raise Invalid("must be true or false")
        return {column: value}

    return read_switch


def kind(value: Value) -> Changes:
    if not isinstance(value, str) or value not in TYPES:
        raise Invalid(f"must be one of {', '.join(TYPES)}")
    return {"type": value}


READERS: dict[str, Callable[[Value], Changes]] = (
    {field: text_reader(*rule) for field, rule in TEXTS.items()}
    | {field: switch_reader(column) for field, column in SWITCHES.items()}
    | {"email": email, "type": kind}
)
