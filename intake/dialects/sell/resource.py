"""Resource: all that Sell's tongue says of one kind of record, for one set of handlers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from intake.body import Document as Body
from intake.body import Value
from intake.dialects.sell.answers import Document, envelope
from intake.dialects.sell.attributes import Attribute, Keep
from intake.dialects.sell.refusals import Fault, Refused, attribute_fault
from intake.dialects.sell.values import BadValue
from models.operations.records.conditions import Condition, Match
from models.operations.records.kind import Kind, Row
from models.operations.records.read import ListRecords, Page, list_records

READ = frozenset({"list", "get"})
WRITE = frozenset({"create", "update", "delete"})
UPSERT = frozenset({"upsert"})

Refine = Callable[[Sequence[Condition]], tuple[Condition, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """A query parameter, and the column that it is compared with.

    A parameter of the form `name[key]` has `keys`: those that may be asked for; all, where it is empty.
    """

    name: str
    column: str
    match: Match = Match.EQUAL
    read: Callable[[str], Any]
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """`type` is what an answer's meta says, `path` where the records are, `verbs` what may be done."""

    type: str
    path: str
    kind: Kind
    attributes: tuple[Attribute, ...]
    filters: tuple[Filter, ...] = ()
    sorts: frozenset[str] = frozenset({"id"})
    sort: str = "id"
    verbs: frozenset[str] = READ | WRITE
    most_per_page: int = 100
    versioned: bool = False
    lists: Callable[[Session, ListRecords], Page] = list_records
    refine: Refine = tuple
    # Columns of the tables that have another name here.
    fields: dict[str, str] = field(default_factory=dict)

    def told(self, row: Row) -> Document:
        data = {attribute.name: attribute.tell(row) for attribute in self.attributes}
        meta: Document = {"type": self.type}
        if self.versioned:
            meta["version"] = int(row["updated_at"].timestamp() * 1000)
        return envelope(data, meta)

    def values_of(self, data: Body, *, new: bool) -> Row:
        """The columns that a body sets. Raises `Refused` with every attribute that is wrong."""
        known = {attribute.name: attribute for attribute in self.attributes}
        values: Row = {}
        faults: list[Fault] = []
        for name, sent in data.items():
            if name not in known:
                faults.append(attribute_fault(self.type, name, "unknown", ""))
            else:
                faults += self._read(known[name], sent, values)
        if new:
            faults += [
                attribute_fault(self.type, attribute.name, "missing", "")
                for attribute in self.attributes
                if attribute.required and attribute.name not in data
            ]
        if faults:
            raise Refused(422, *faults)
        return values

    def _read(self, attribute: Attribute, sent: Value, values: Row) -> list[Fault]:
        """Read one attribute into the values; the fault where it cannot be."""
        if attribute.read is None:
            return []
        try:
            value = attribute.value_of(sent)
        except BadValue as exc:
            return [attribute_fault(self.type, attribute.name, exc.code, exc.why)]
        if value is not Keep:
            values[attribute.column] = value
        return []
