"""Pull: every list of a Sell account is fetched into a folder."""

from collections.abc import Iterator

from intake.moving.api import NotTold, SellApi
from intake.moving.folder import Document, Folder
from intake.moving.lists import KEPT, TAKEN_OVER, List

GONE = 404
# What a token or a plan may not see; the rest of an account can be moved without.
CLOSED = frozenset({403, GONE})
# Whoever is converted while all is fetched is found in the lists that follow: as a lead, or as a contact.
FIRST = ("lead_conversions", "leads")
ORDER = sorted(TAKEN_OVER, key=lambda one: FIRST.index(one.name) if one.name in FIRST else len(FIRST))


def pull(api: SellApi, folder: Folder, account: Document) -> Iterator[tuple[str, int | str]]:
    """Fetch the lists one by one, each with how many records it has, or why it was passed over.

    A pull that broke off goes on after the last list that was whole. Raises `NotTold` where a list breaks
    off, or where one is refused without which nothing can be moved, and `Invalid` for another's folder.
    """
    pulled = folder.begin(account)
    folder.write_down(pulled)
    for wanted in (*ORDER, *KEPT):
        if wanted.name in pulled.done or (wanted.of and not folder.has(wanted.of)):
            continue
        yield wanted.name, fetch(api, folder, wanted)
        pulled.done.append(wanted.name)
        folder.write_down(pulled)
    pulled.is_whole = True
    folder.write_down(pulled)


def fetch(api: SellApi, folder: Folder, wanted: List) -> int | str:
    try:
        return folder.write(wanted.name, fetched(api, folder, wanted))
    except NotTold as exc:
        if wanted.is_needed or exc.status not in CLOSED:
            raise
        return exc.message


def fetched(api: SellApi, folder: Folder, wanted: List) -> Iterator[Document]:
    if not wanted.of:
        yield from api.records(wanted.path or wanted.name, wanted.query)
        return
    for number in dict.fromkeys(record["id"] for record in folder.records(wanted.of)):
        yield from ({wanted.owner: number} | one for one in of_record(api, wanted, number))


def of_record(api: SellApi, wanted: List, number: int) -> Iterator[Document]:
    """The list of one record; nothing of one that is gone since its own list was fetched."""
    path, _, parameter = wanted.path.partition("?")
    named = dict([parameter.format(id=number).split("=")]) if parameter else {}
    try:
        yield from api.records(path.format(id=number), {**wanted.query, **named})
    except NotTold as exc:
        if exc.status != GONE:
            raise
