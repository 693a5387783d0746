"""Load: what stands in the folder is taken over by a business, list by list."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice

from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from intake.moving.folder import Document, Folder
from intake.moving.lists import TAKEN_OVER, List
from intake.moving.rows import row_of
from models.database import transact, transaction
from models.operations.imports.barred import Conversions, barred_contacts
from models.operations.imports.conversions import CONVERSIONS
from models.operations.imports.deals import ASSOCIATED
from models.operations.imports.kind import ImportKind, Loaded
from models.operations.imports.load import LoadRecords, load_records
from models.operations.imports.people import CONTACTS
from models.operations.imports.room import make_room

TRIES = 4
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
    lists = [(one, one.kind) for one in TAKEN_OVER if one.kind is not None and folder.has(one.name)]
    with transaction() as session:
        make_room(session.connection(), {kind.columns.name for _, kind in lists})
    shut = barred(folder, business_id)
    for wanted, kind in lists:
        command = LoadRecords(kind=kind, business_id=business_id, rows=())
        yield take_over(folder, wanted, replace(command, barred=shut) if kind is CONTACTS else command)


def barred(folder: Folder, business_id: int) -> dict[int, str]:
    """The contacts that must not come, and why."""
    if not folder.has(CONVERSIONS.name):
        return {}
    found: dict[int, str] = {}
    documents = folder.records(CONVERSIONS.name)
    while some := list(islice(documents, AT_ONCE)):
        found |= transact(barred_contacts, Conversions(business_id=business_id, rows=some))
    return found


def take_over(folder: Folder, wanted: List, command: LoadRecords) -> Taken:
    taken = Taken(wanted.name)
    for documents in passes(folder, command.kind):
        rows = (row_of(wanted, command.kind, document, taken.odd) for document in documents)
        while some := list(islice(rows, AT_ONCE)):
            taken.told += len(some)
            taken.loaded.add(loaded(replace(command, rows=some)))
    return taken


def loaded(command: LoadRecords) -> Loaded:
    """One that the database refuses must not fail its neighbours."""
    try:
        return patiently(command)
    except (DataError, IntegrityError) as exc:
        if len(command.rows) == 1:
            why = f"the database refuses it: {type(exc.orig).__name__}"
            return Loaded(left_out={command.rows[0]["id"]: why})
    each = Loaded()
    for row in command.rows:
        each.add(loaded(replace(command, rows=[row])))
    return each


def patiently(command: LoadRecords) -> Loaded:
    """A busy service comes first: what met others half-way is done once more."""
    for _ in range(TRIES):
        try:
            return transact(load_records, command)
        except OperationalError as exc:
            if not isinstance(exc.orig, DeadlockDetected | LockNotAvailable):
                raise
    return transact(load_records, command)


def passes(folder: Folder, kind: ImportKind) -> Iterator[Iterable[Document]]:
    """The records of a list, those that others of it belong to in a pass before."""
    if kind is ASSOCIATED:
        yield (one | {"id": pair_of(one)} for one in folder.read(kind.name))
    elif kind is CONTACTS:
        depth = depths(folder.records(kind.name))
        for level in sorted(set(depth.values())):
            yield (one for one in folder.records(kind.name) if depth[one["id"]] == level)
    else:
        yield folder.records(kind.name)


def pair_of(document: Document) -> int:
    """What stands for an id where Sell gives none: 63 bits of a hash."""
    names = repr((document.get("deal_id"), document.get("contact_id")))
    return int.from_bytes(blake2b(names.encode(), digest_size=8).digest()) >> 1


def depths(contacts: Iterable[Document]) -> dict[int, int]:
    """How many organizations stand above each contact; those in a ring count as if none did."""
    above = {one["id"]: one.get("parent_organization_id") or one.get("contact_id") for one in contacts}
    return {number: height(number, above.get) for number in above}


def height(number: int, above: Callable[[int], object]) -> int:
    seen = [number]
    while isinstance(upper := above(seen[-1]), int):
        if upper in seen:
            return seen.index(upper)
        seen.append(upper)
    return len(seen) - 1
