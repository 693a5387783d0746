"""How an address may be written in the body of a request, as a regular expression of PostgreSQL's.

It is meant for the text that `encode(body, 'escape')` makes of bytes: a backslash is doubled, and a byte
beyond ASCII is a backslash and three octal digits.
"""

import re
from collections.abc import Iterable

NOBODY = "(?!)"
# What stands before an address: no letter of a longer one, unless it is the end of an escape.
BEFORE = r'(?:^|[^a-z0-9.+_%-]|%(?!2[bde]|5f)[0-9a-f]{2}|\\\\(?:[bfnrt"/]|u00[0-9a-f]{2}))'
AFTER = r"(?![a-z0-9-]|(?:\.|%2e)[a-z0-9])"


def pattern(addresses: Iterable[str]) -> str:
    """One for all of the addresses, plain, percent-encoded or with JSON's escapes; case is not looked at."""
    written = [one for one in addresses if one]
    return f"{BEFORE}(?:{'|'.join(map(_in_any_way, written))}){AFTER}" if written else NOBODY


def _in_any_way(address: str) -> str:
    return "".join(character if character.isalnum() and character.isascii() else _escaped(character)
                   for character in address)  # fmt: skip


def _escaped(character: str) -> str:
    # Case is looked at beyond ASCII, where a letter is several octets.
    forms = {character, character.lower(), character.upper()}
    return f"(?:{'|'.join(form for one in sorted(forms) for form in _forms(one))})"


def _forms(text: str) -> tuple[str, str, str]:
    octets, units = text.encode(), text.encode("utf-16-be")
    plain = re.escape(text) if text.isascii() else "".join(rf"\\{octet:03o}" for octet in octets)
    percent = "".join(f"%{octet:02x}" for octet in octets)
    # JSON within JSON has its backslashes doubled once more.
    json = "".join(rf"\\+u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
    return plain, percent, json
