"""What a leadgen document says: the 18 parameters of seed 003, read into a command.

No maximum lengths are published; ours are well above what any caller was seen to send.
"""

import re
from functools import lru_cache

from intake.body import Document
from intake.fields import labels_of, required, switch_of, text_of, words_of
from models.errors import Invalid, Missing
from models.identifiers import email_address, phone_e164
from models.job import NOTIFICATIONS, JobKind
from models.lead import IdentityKind
from models.operations.commands import Arrival, CaptureLead
from models.operations.identify import Tenant

BETWEEN = re.compile(r"[\s_-]+")
NAME, ADDRESS, URL, PROSE = 255, 500, 2048, 10_000


def read(document: Document, tenant: Tenant, arrival: Arrival) -> CaptureLead:
    """Read a document for a business. Raises `Missing` or `Invalid`, naming the parameter."""
    match_on = identifier_type(document)
    first_name = required(document, "first_name", NAME)
    title = required(document, "request_title", ADDRESS)
    email = identifier(document, IdentityKind.EMAIL, match_on)
    phone = text_of(document, "phone", NAME)
    notifications = notifications_of(document)
    return CaptureLead(
        arrival=arrival,
        match_on=match_on,
        title=title,
        first_name=first_name,
        last_name=text_of(document, "last_name", NAME),
        email=email_address(email) if email else None,
        unique_id=identifier(document, IdentityKind.UNIQUE_ID, match_on),
        phone=phone,
        phone_e164=phone_e164(phone, tenant.country),
        address=text_of(document, "address", ADDRESS),
        status=text_of(document, "status", NAME),
        source=text_of(document, "source", NAME),
        source_url=text_of(document, "source_url", URL),
        system_message=text_of(document, "system_message", PROSE),
        tags=words_of(document, "tags", limit=NAME, most=50),
        opt_in=switch_of(document, "opt_in"),
        sms_opt_in=switch_of(document, "opt_in_transactional_sms", strict=True),
        request_data=labels_of(document, "request_data", PROSE),
        message_data=labels_of(document, "message_data", PROSE),
        notifications=notifications,
        # Further owner channels hear of whatever the owner is told of at all.
        owner_channels=tenant.owner_channels if notifications - {JobKind.AUTO_REPLY} else (),
    )


def identifier_type(document: Document) -> IdentityKind:
    named = required(document, "identifier_type", NAME)
    try:
        return IdentityKind(named)
    except ValueError:
        raise Invalid("identifier_type must be email or unique_id", "identifier_type") from None


def identifier(document: Document, kind: IdentityKind, match_on: IdentityKind) -> str:
    """An identifier, which must be there when it is the one to match on."""
    value = text_of(document, kind, NAME)
    if not value and kind == match_on:
        raise Missing(f"Mandatory parameter {kind} is missing", kind)
    return value


def notifications_of(document: Document) -> frozenset[JobKind]:
    """The messages asked for: a list, commas, or both; hyphens, underscores and blanks in a word alike."""
    try:
        return kinds_of(words_of(document, "notifications", limit=NAME, most=10))
    except KeyError:
        raise Invalid("notifications must be any of auto-reply, email, sms", "notifications") from None


@lru_cache(maxsize=64)
def kinds_of(words: tuple[str, ...]) -> frozenset[JobKind]:
    """Remembered, since a page asks for the same messages every time. Raises `KeyError`."""
    # An item of a list may be one string with commas itself.
    named = (BETWEEN.sub("-", one.strip().lower()) for word in words for one in word.split(","))
    return frozenset(NOTIFICATIONS[one] for one in named if one)
