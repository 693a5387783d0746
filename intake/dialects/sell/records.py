"""The one set of handlers of all resources: list, create, get, update, delete and upsert."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter
from sqlmodel import Session

from intake.ask import ask
from intake.dialects.sell.answers import answer, collection, nothing, page_links
from intake.dialects.sell.caller import Caller, called
from intake.dialects.sell.payload import data_of
from intake.dialects.sell.query import Asked, conditions_of, list_query, parameters
from intake.dialects.sell.refusals import bad_parameter, in_words_of, refusal
from intake.dialects.sell.resource import Resource
from intake.door import AnyRequest
from models.digits import is_number
from models.errors import NotFound, Refusal
from models.operations.records.read import FindRecord, ListRecords, find_record
from models.operations.records.write import (
    Ambiguous,
    ChangeRecord,
    CreateRecord,
    RemoveRecord,
    UpsertRecord,
    change_record,
    create_record,
    remove_record,
    upsert_record,
)
from models.operations.tokens import Scope

C = TypeVar("C")
T = TypeVar("T")

Answer = Response[bytes]
# Read as text: what is no number is a record that is not there, and not a malformed request.
RecordId = Annotated[str, PathParameter(description="The record's id, a number")]


def routes_of(resource: Resource) -> list[HTTPRouteHandler]:
    """A handler for each verb of a resource."""
    return [make(resource) for verb, make in VERBS.items() if verb in resource.verbs]


def lister(resource: Resource) -> HTTPRouteHandler:
    @get(resource.path, summary=f"List: {resource.type}", tags=["sell"])
    async def list_all(request: AnyRequest) -> Answer:
        caller = await called(request, Scope.LEADS_READ)
        asked = list_query(resource, parameters(request))
        page = await ask(resource.lists, page_of(resource, caller, asked))
        links = page_links(f"{caller.base}{resource.path}", asked.query, asked.page, more=page.more)
        return answer(collection([resource.told(row) for row in page.rows], links))

    return list_all


def page_of(resource: Resource, caller: Caller, asked: Asked) -> ListRecords:
    return ListRecords(
        kind=resource.kind,
        business_id=caller.business_id,
        conditions=asked.conditions,
        sort=asked.sort,
        sort_inside=asked.sort_inside,
        descending=asked.descending,
        limit=asked.per_page,
        offset=(asked.page - 1) * asked.per_page,
    )


def creator(resource: Resource) -> HTTPRouteHandler:
    @post(resource.path, status_code=200, summary=f"Create: {resource.type}", tags=["sell"])
    async def create(request: AnyRequest) -> Answer:
        caller = await called(request, Scope.LEADS_WRITE)
        no_parameters(request)
        values = resource.values_of(await data_of(request), new=True)
        command = CreateRecord(
            kind=resource.kind, business_id=caller.business_id, user_id=caller.user_id, values=values
        )
        return answer(resource.told(await worded(resource, create_record, command)))

    return create


def getter(resource: Resource) -> HTTPRouteHandler:
    @get(f"{resource.path}/{{record_id:str}}", summary=f"Get: {resource.type}", tags=["sell"])
    async def get_one(request: AnyRequest, record_id: RecordId) -> Answer:
        caller = await called(request, Scope.LEADS_READ)
        no_parameters(request)
        command = FindRecord(kind=resource.kind, business_id=caller.business_id, record_id=id_of(record_id))
        return answer(resource.told(await ask(find_record, command)))

    return get_one


def updater(resource: Resource) -> HTTPRouteHandler:
    @put(f"{resource.path}/{{record_id:str}}", summary=f"Update: {resource.type}", tags=["sell"])
    async def update(request: AnyRequest, record_id: RecordId) -> Answer:
        caller = await called(request, Scope.LEADS_WRITE)
        no_parameters(request)
        command = ChangeRecord(
            kind=resource.kind,
            business_id=caller.business_id,
            user_id=caller.user_id,
            record_id=id_of(record_id),
            values=resource.values_of(await data_of(request), new=False),
        )
        return answer(resource.told(await worded(resource, change_record, command)))

    return update


def deleter(resource: Resource) -> HTTPRouteHandler:
    @delete(f"{resource.path}/{{record_id:str}}", summary=f"Delete: {resource.type}", tags=["sell"])
    async def remove(request: AnyRequest, record_id: RecordId) -> Response[None]:
        caller = await called(request, Scope.LEADS_WRITE)
        no_parameters(request)
        command = RemoveRecord(
            kind=resource.kind,
            business_id=caller.business_id,
            user_id=caller.user_id,
            record_id=id_of(record_id),
        )
        await ask(remove_record, command)
        return nothing()

    return remove


def upserter(resource: Resource) -> HTTPRouteHandler:
    @post(f"{resource.path}/upsert", status_code=200, summary=f"Upsert: {resource.type}", tags=["sell"])
    async def upsert(request: AnyRequest) -> Answer:
        caller = await called(request, Scope.LEADS_WRITE)
        conditions = conditions_of(resource, parameters(request))
        if not conditions:
            raise bad_parameter("filter", "at least one filter is required")
        command = UpsertRecord(
            kind=resource.kind,
            business_id=caller.business_id,
            user_id=caller.user_id,
            conditions=conditions,
            values=resource.values_of(await data_of(request), new=False),
        )
        try:
            return answer(resource.told(await worded(resource, upsert_record, command)))
        except Ambiguous:
            details = f"More than one {resource.type} matches the filters."
            raise refusal(409, "conflict", details) from None

    return upsert


VERBS: dict[str, Callable[[Resource], HTTPRouteHandler]] = {
    "list": lister,
    "create": creator,
    "get": getter,
    "update": updater,
    "delete": deleter,
    "upsert": upserter,
}


def no_parameters(request: AnyRequest) -> None:
    """A request for one record has no query: the first parameter is the one error."""
    for name in parameters(request):
        raise bad_parameter(name, "unknown parameter")


def id_of(text: str) -> int:
    """An id in a path; whatever is no number is no record either."""
    if not is_number(text):
        raise NotFound("there is no such record", "id")
    return int(text)


async def worded(resource: Resource, operation: Callable[[Session, C], T], command: C) -> T:
    """Run an operation; what it refuses becomes an error of the resource's attribute."""
    try:
        return await ask(operation, command)
    except Ambiguous:
        raise
    except Refusal as exc:
        raise in_words_of(resource.type, exc, wire_names(resource)) from exc


def wire_names(resource: Resource) -> dict[str, str]:
    return {attribute.column: attribute.name for attribute in resource.attributes}
