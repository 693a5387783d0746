"""Identifiers that we make, and the normal forms of those that people have."""

import os
import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from models.errors import Invalid

PLAIN_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
NOT_SLUG = re.compile(r"[^a-z0-9]+")

# A local part that the validator takes as it stands: RFC 5322's dot-atom, in RFC 5321's 64 octets.
PLAIN_LOCAL = re.compile(r"(?=.{1,64}\Z)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# A call of the system's for each uid took a twelfth of the time of a captured lead.
UIDS_AT_ONCE = 256
_drawn_uids: deque[str] = deque()
# A forked process must not give what its parent gives.
os.register_at_fork(after_in_child=_drawn_uids.clear)

# Far below the 254 characters of a whole address, in whatever form its domain is written.
SURELY_SHORT = 120


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address to write to, and the normal form that it is matched by."""

    address: str
    identity: str


def new_uid() -> str:
    """Make 16 lower-case letters and digits: 64 random bits, of the operating system's."""
    try:
        return _drawn_uids.pop()
    except IndexError:
        drawn = os.urandom(8 * UIDS_AT_ONCE).hex()
        _drawn_uids.extend(drawn[start : start + 16] for start in range(16, len(drawn), 16))
        return drawn[:16]


def slugify(name: str, number: int) -> str:
    """Turn a name into the readable part of an address; the number keeps it unique."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    words = NOT_SLUG.sub("-", ascii_name).strip("-")[:200]
    return f"{words or 'lead'}-{number}"


def email_address(typed: str, field: str = "email") -> EmailAddress:
    """Check an address and normalise it; whether it can be delivered to is a worker's question.

    The identity is casefolded as a whole and carries the ASCII form of its domain. Dots and +tags
    stay: they are somebody's address at some providers. Raises `Invalid`.
    """
    local, _, domain = typed.rpartition("@")
    try:
        if PLAIN_LOCAL.fullmatch(local) and len(typed) <= SURELY_SHORT:
            return plain_address(local, domain)
        checked = validated(typed)
    except EmailNotValidError as exc:
        # The validator's own words may echo what was typed; ours name the field only.
        message = f"{field} is not a valid email address"
        raise Invalid(message, field) from exc
    identity = f"{checked.local_part.casefold()}@{checked.ascii_domain or checked.domain}"
    return EmailAddress(checked.normalized, unicodedata.normalize("NFC", identity))


def plain_address(local: str, domain: str) -> EmailAddress:
    """An address of which only the domain is in question, which many people share."""
    written, ascii_domain = checked_domain(domain)
    return EmailAddress(f"{local}@{written}", f"{local}@{ascii_domain}")


@lru_cache(maxsize=4096)
def checked_domain(domain: str) -> tuple[str, str]:
    """The normal form of a domain and its ASCII form. Raises the validator's error, which is not kept."""
    checked = validated(f"a@{domain}")
    return checked.domain, checked.ascii_domain


def validated(typed: str) -> ValidatedEmail:
    return validate_email(typed, check_deliverability=False, strict=True)


@lru_cache(maxsize=1024)
def number_plan(digits: str) -> tuple[int, frozenset[int], re.Pattern[str]] | None:
    """How numbers are built that begin with these three digits; None where no country has such a code.

    Gives the length of the country code, the possible lengths after it, and what might be a trunk prefix.
    """
    for length in (1, 2, 3):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length]))
        if regions is None:
            continue
        plan = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(
            int(digits[:length]), regions[0]
        )
        if plan is None or plan.general_desc is None:
            return None
        prefix = re.compile(f"0|{plan.national_prefix_for_parsing or plan.national_prefix or '0'}")
        return length, frozenset(plan.general_desc.possible_length), prefix
    return None


def is_plain_e164(typed: str) -> bool:
    """Whether a number is written as the library would write it, told without the library's long reading.

    No means only that the library has to look: a trunk prefix, an extension, another script, a length that
    is possible in part of a country.
    """
    if PLAIN_E164.fullmatch(typed) is None:
        return False
    plan = number_plan(typed[1:4])
    if plan is None:
        return False
    code_length, lengths, prefix = plan
    national = typed[1 + code_length :]
    return len(national) in lengths and prefix.match(national) is None


def phone_e164(typed: str, region: str) -> str:
    """Give the E.164 form of a number as it is dialled in a region (ISO 3166 alpha-2), or nothing.

    A number that cannot be read is no reason to refuse a person: it is kept as typed.
    """
    if not typed:
        return ""
    if is_plain_e164(typed):
        return typed
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
