"""Pull: every list of a Sell account is fetched into a folder."""

from collections.abc import Iterator

from intake.moving.api import Document, NotTold, SellApi
from intake.moving.folder import Folder
from intake.moving.lists import KEPT, TAKEN_OVER, List

# What a token or a plan may not see; the rest of an account can be moved without.
CLOSED = frozenset({403, 404})


def pull(api: SellApi, folder: Folder) -> Iterator[tuple[str, int | str]]:
    """Fetch the lists one by one, each with how many records it has, or why it was passed over.

    Raises `NotTold` where a list breaks off, or where one is refused without which nothing can be moved.
    """
    folder.make()
    for wanted in (*TAKEN_OVER, *KEPT):
        if wanted.of and not folder.has(wanted.of):
            continue
        try:
            yield wanted.name, folder.write(wanted.name, fetched(api, folder, wanted))
        except NotTold as exc:
            if wanted.is_needed or exc.status not in CLOSED:
                raise
            yield wanted.name, exc.message


def fetched(api: SellApi, folder: Folder, wanted: List) -> Iterator[Document]:
    path, _, parameter = (wanted.path or wanted.name).partition("?")
    if not wanted.of:
        yield from api.records(path, wanted.query)
        return
    for number in dict.fromkeys(record["id"] for record in folder.records(wanted.of)):
        named = dict([parameter.format(id=number).split("=")]) if parameter else {}
        for document in api.records(path.format(id=number), {**wanted.query, **named}):
            yield {wanted.owner: number} | document
