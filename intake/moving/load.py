"""Load: what stands in the folder is taken over by a business, list by list."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from intake.moving.folder import Document, Folder
from intake.moving.lists import TAKEN_OVER, List
from intake.moving.rows import row_of
from models.database import transact, transaction
from models.operations.imports.deals import ASSOCIATED, LoadAssociated, load_associated
from models.operations.imports.kind import ImportKind, Loaded, Row
from models.operations.imports.load import LoadRecords, load_records
from models.operations.imports.people import CONTACTS
from models.operations.imports.room import make_room

# Records a transaction: enough to be quick, few enough to keep nobody waiting.
AT_ONCE = 200


@dataclass(slots=True)
class Taken:
    """What became of a list: `odd` are attributes that have no place here, and how often each came."""

    name: str
    told: int = 0
    loaded: Loaded = field(default_factory=Loaded)
    odd: Counter[str] = field(default_factory=Counter)


def load(folder: Folder, business_id: int) -> Iterator[Taken]:
    """Take over every list that stands in the folder. Saying it again goes on where it broke off."""
    lists = [(one, one.kind) for one in TAKEN_OVER if one.kind is not None]
    with transaction() as session:
        keyed = {kind.columns.name for _, kind in lists if "id" in kind.columns.columns}
        make_room(session.connection(), keyed)
    for wanted, kind in lists:
        if folder.has(wanted.name):
            yield take_over(folder, wanted, kind, business_id)


def take_over(folder: Folder, wanted: List, kind: ImportKind, business_id: int) -> Taken:
    taken = Taken(wanted.name)
    for documents in passes(folder, kind):
        rows = (row_of(wanted, kind, document, taken.odd) for document in documents)
        while some := list(islice(rows, AT_ONCE)):
            taken.told += len(some)
            taken.loaded.add(loaded(kind, business_id, some))
    return taken


def loaded(kind: ImportKind, business_id: int, rows: list[Row]) -> Loaded:
    """One that the database refuses must not fail its neighbours."""
    try:
        return taken_over(kind, business_id, rows)
    except (DataError, IntegrityError) as exc:
        if len(rows) == 1:
            return Loaded(left_out={rows[0]["id"]: f"the database refuses it: {type(exc.orig).__name__}"})
    each = Loaded()
    for row in rows:
        each.add(loaded(kind, business_id, [row]))
    return each


def taken_over(kind: ImportKind, business_id: int, rows: list[Row]) -> Loaded:
    if kind is ASSOCIATED:
        return transact(load_associated, LoadAssociated(business_id=business_id, rows=rows))
    return transact(load_records, LoadRecords(kind=kind, business_id=business_id, rows=rows))


def passes(folder: Folder, kind: ImportKind) -> Iterator[Iterable[Document]]:
    """The records of a list, those that others of it belong to in a pass before."""
    if kind is ASSOCIATED:
        # They have no ids of their own; their places in the list serve to name one.
        yield ({"id": place} | one for place, one in enumerate(folder.read(kind.name), start=1))
    elif kind is CONTACTS:
        depth = depths(folder.records(kind.name))
        for level in sorted(set(depth.values())):
            yield (one for one in folder.records(kind.name) if depth[one["id"]] == level)
    else:
        yield folder.records(kind.name)


def depths(contacts: Iterable[Document]) -> dict[int, int]:
    """How many organizations stand above each contact; those in a ring count as if none did."""
    above: dict[int, Any] = {
        one["id"]: one.get("parent_organization_id") or one.get("contact_id") for one in contacts
    }
    return {number: height(number, above.get) for number in above}


def height(number: int, above: Callable[[int], int | None]) -> int:
    seen = [number]
    while (upper := above(seen[-1])) is not None:
        if upper in seen:
            return seen.index(upper)
        seen.append(upper)
    return len(seen) - 1
