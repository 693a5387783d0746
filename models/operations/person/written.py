"""How an address may be written in the body of a request, as regular expressions of PostgreSQL's.

They are meant for the text that `encode(body, 'escape')` makes of bytes: a backslash is doubled, and a
byte beyond ASCII is a backslash and three octal digits. Case is not looked at.
"""

import re
from collections.abc import Iterable

NOBODY = "(?!)"
# What stands before an address: no letter of a longer one, unless it is the end of an escape. In a form a
# plus sign is a blank.
ESCAPE = r'%(?!2[bde]|5f)[0-9a-f]{2}|\\\\(?:[bfnrt"/]|u00[0-9a-f]{2})'
BEFORE = rf"(?:^|[^a-z0-9.+_%-]|{ESCAPE})"
BEFORE_IN_A_FORM = rf"(?:^|[^a-z0-9._%-]|{ESCAPE})"
AFTER = r"(?![a-z0-9-]|(?:\.|%2e)[a-z0-9])"
# The whole of a text in JSON, of a field in a form, of a part in multipart.
OPENS, CLOSES = r'(?:"|=|\r\n\r\n)', r'(?:"|&|\r\n|$)'


def in_any_text(addresses: Iterable[str]) -> str:
    """Any of the addresses anywhere, plain, percent-encoded or with JSON's escapes."""
    return _between(BEFORE, addresses, AFTER)


def in_a_form(addresses: Iterable[str]) -> str:
    """The same in an URL-encoded form."""
    return _between(BEFORE_IN_A_FORM, addresses, AFTER)


def as_a_value(addresses: Iterable[str]) -> str:
    """Any of the addresses as all that some field holds: whoever sent it goes by it."""
    return _between(OPENS, addresses, CLOSES)


def _between(before: str, addresses: Iterable[str], after: str) -> str:
    written = [_in_any_way(one) for one in addresses if one]
    return f"{before}(?:{'|'.join(written)}){after}" if written else NOBODY


def _in_any_way(address: str) -> str:
    return "".join(
        character if character.isalnum() and character.isascii() else _escaped(character)
        for character in address
    )


def _escaped(character: str) -> str:
    # Of a letter beyond ASCII, which is several octets, both cases.
    forms = {character, character.lower(), character.upper()}
    return f"(?:{'|'.join(form for one in sorted(forms) for form in _forms(one))})"


def _forms(text: str) -> tuple[str, str, str]:
    octets, units = text.encode(), text.encode("utf-16-be")
    plain = re.escape(text) if text.isascii() else "".join(rf"\\{octet:03o}" for octet in octets)
    percent = "".join(f"%{octet:02x}" for octet in octets)
    # JSON within JSON has its backslashes doubled once more.
    json = "".join(rf"\\+u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
    return plain, percent, json
