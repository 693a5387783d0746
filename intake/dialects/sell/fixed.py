"""Lists that nobody writes: custom fields and industries in use, lead statuses, and what we do not have."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zlib import crc32

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from sqlmodel import Session

from intake.ask import ask
from intake.dialects.sell.answers import Document, answer, collection, envelope, page_links
from intake.dialects.sell.attributes import Row
from intake.dialects.sell.caller import called
from intake.dialects.sell.query import paging, parameters
from intake.dialects.sell.refusals import bad_parameter
from intake.dialects.sell.values import told_moment
from intake.door import AnyRequest
from models.operations.records.seen import ListSeen, list_fields, list_industries, list_none
from models.operations.tokens import Scope

# Sell's own first ones; a lead may have any other.
STATUSES = ("New", "Working", "Unqualified")
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedList:
    path: str
    type: str
    lists: Callable[[Session, ListSeen], list[Row]] = list_none
    table: str = ""
    tell: Callable[[Row], Document] = dict
    most_per_page: int = 100


def statuses(_: Session, __: ListSeen) -> list[Row]:
    born = {"created_at": SINCE, "updated_at": SINCE}
    return [{"id": place, "name": name, **born} for place, name in enumerate(STATUSES, start=1)]


def told_dates(row: Row) -> Document:
    return {name: told_moment(row[name]) for name in ("created_at", "updated_at")}


def told_status(row: Row) -> Document:
    return {"id": row["id"], "name": row["name"], **told_dates(row)}


def told_industry(row: Row) -> Document:
    return {"name": row["name"], **told_dates(row)}


def told_field(row: Row) -> Document:
    """A field has no row of its own, so its id comes of its name: the same at every look."""
    return {"id": crc32(row["name"].encode()), "name": row["name"], "type": "string", **told_dates(row)}


def list_of(wanted: FixedList) -> HTTPRouteHandler:
    @get(wanted.path, summary=f"List: {wanted.type}", tags=["sell"])
    async def list_all(request: AnyRequest) -> Response[bytes]:
        caller = await called(request, Scope.LEADS_READ)
        query = parameters(request)
        page, per_page, rest = paging(query, wanted.most_per_page)
        for name in rest:
            raise bad_parameter(name, "unknown parameter")
        rows = await ask(wanted.lists, ListSeen(business_id=caller.business_id, table=wanted.table))
        first = (page - 1) * per_page
        items = [envelope(wanted.tell(row), {"type": wanted.type}) for row in rows[first : first + per_page]]
        kept = {**query, "per_page": str(per_page)}
        more = len(rows) > first + per_page
        return answer(collection(items, page_links(f"{caller.base}{wanted.path}", kept, page, more=more)))

    return list_all


LISTS = (
    FixedList(path="/lead_statuses", type="lead_status", lists=statuses, tell=told_status),
    FixedList(path="/lead/industries", type="industry", lists=list_industries, tell=told_industry),
    *(
        FixedList(
            path=f"/{table}/custom_fields",
            type="custom_field",
            lists=list_fields,
            table=table,
            tell=told_field,
        )
        for table in ("lead", "contact", "deal")
    ),
    FixedList(path="/text_messages", type="text_message"),
    FixedList(path="/visits", type="visit"),
    FixedList(path="/visit_outcomes", type="visit_outcome", most_per_page=200),
)
HANDLERS = [list_of(wanted) for wanted in LISTS]
