"""The names that forms give to an attribute of a lead, in the one table of them."""

import re
import unicodedata

from models.mapping.payload import Payload

Fields = dict[str, Payload]

# Names without case, blanks and punctuation: "First Name", first_name and firstName are one.
NAMES: dict[str, tuple[str, ...]] = {
    "email": ("email", "emailaddress", "mail", "workemail", "youremail", "yourmail", "emailid"),
    "phone": (
        "phone", "phonenumber", "telephone", "mobile", "mobilephone", "mobilenumber", "cell", "tel",
        "workphone", "yourphone", "contactnumber",
    ),
    "first_name": ("firstname", "givenname", "forename", "fname"),
    "last_name": ("lastname", "familyname", "surname", "lname"),
    "name": ("name", "fullname", "yourname", "contactname", "leadname"),
    "address": ("address", "streetaddress", "postaladdress", "fulladdress"),
    "unique_id": ("uniqueid", "externalid"),
    "title": ("title", "subject", "requesttitle"),
    "message": ("message", "yourmessage", "comment", "comments", "enquiry", "inquiry"),
    "source": ("source", "leadsource"),
    "source_url": ("sourceurl", "pageurl", "landingpage"),
    "tags": ("tags",),
    "opt_in": ("optin",),
    "is_test": ("istest",),
}  # fmt: skip
ATTRIBUTE_OF = {name: attribute for attribute, names in NAMES.items() for name in names}

NUMBERED = re.compile(r"q\d+_")
AN_ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,190}\.[^\s@<>,;.]{2,63}")


def attribute_of(name: str) -> str | None:
    """Which attribute a field's name means, if any; Jotform numbers its names (q4_email)."""
    plain = unicodedata.normalize("NFKD", NUMBERED.sub("", name, count=1)).lower()
    return ATTRIBUTE_OF.get("".join(character for character in plain if character.isalnum()))


def pick(fields: Fields, attribute: str) -> Payload:
    """The first value whose name means this attribute."""
    name = name_of(fields, attribute)
    return None if name is None else fields[name]


def name_of(fields: Fields, attribute: str) -> str | None:
    """The name of the first field that means an attribute and was filled in."""
    found = [name for name in fields if attribute_of(name) == attribute]
    filled = next((name for name in found if fields[name]), None)
    if filled is None and attribute == "email":
        return _only_address(fields)
    return filled


def _only_address(fields: Fields) -> str | None:
    """The one field whose value is written like an email address; with two of them nobody can tell."""
    found = [
        name
        for name, value in fields.items()
        if isinstance(value, str) and len(value) < 300 and AN_ADDRESS.fullmatch(value.strip())
    ]
    return found[0] if len(found) == 1 else None
