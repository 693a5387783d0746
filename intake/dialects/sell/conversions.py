"""/v2/lead_conversions: convert a lead, list what was converted, take a conversion back (seed 001)."""

from dataclasses import dataclass, replace

from litestar import Response, delete, get, post
from sqlmodel import Session

from intake.ask import ask
from intake.dialects.sell.answers import (
    Document,
    answer,
    collection,
    envelope,
    from_cursor,
    nothing,
    to_cursor,
    with_query,
)
from intake.dialects.sell.batches import deferred
from intake.dialects.sell.caller import Caller, called
from intake.dialects.sell.payload import data_of
from intake.dialects.sell.query import a_number, paging, parameters
from intake.dialects.sell.records import RecordId, id_of, no_parameters
from intake.dialects.sell.refusals import bad_attribute, bad_parameter, in_words_of
from intake.dialects.sell.values import told_moment
from intake.dialects.sell.wanted import TYPE, Wanted, wanted_of
from intake.door import AnyRequest, wants_later
from models.conversion import Conversion
from models.errors import Refusal, WorkedOn
from models.operations.conversions import ListConversions, list_conversions
from models.operations.convert import ConvertLead, convert
from models.operations.records.staff import acting
from models.operations.tokens import Scope
from models.operations.undo import UndoConversion, undo

PATH = "/lead_conversions"
MOST_PER_PAGE = 200
LAST_PAGE = 50
FILTERS = ("lead_id", "individual_id", "organization_id", "deal_id", "creator_id")


@dataclass(frozen=True, slots=True)
class Undo:
    caller: Caller
    conversion_id: int


@post(PATH, status_code=200, summary="Convert a lead", tags=["sell"])
async def create_conversion(request: AnyRequest) -> Response[bytes]:
    """Convert now; with `Prefer: respond-async`, one lead or many by a worker (RFC 7240)."""
    caller = await called(request, Scope.CONVERT)
    no_parameters(request)
    later = wants_later(request)
    wanted = wanted_of(caller, await data_of(request), later=later)
    try:
        if later:
            return await deferred(wanted)
        return answer(told(caller, await ask(converted, wanted)))
    except Refusal as exc:
        raise in_words_of(TYPE, exc) from exc


@get(PATH, summary="List conversions", tags=["sell"])
async def get_conversions(request: AnyRequest) -> Response[bytes]:
    caller = await called(request, Scope.LEADS_READ)
    query = parameters(request)
    command = page_of(caller, query)
    found, more = await ask(list_conversions, command)
    links: Document = {}
    if more:
        kept = {name: query[name] for name in FILTERS if name in query}
        following = {"cursor": to_cursor(found[-1].id), "per_page": str(command.limit), **kept}
        links["next_page"] = with_query(f"{caller.base}{PATH}", following)
    return answer(collection([told(caller, one) for one in found], links))


@delete(f"{PATH}/{{conversion_id:str}}", summary="Take a conversion back", tags=["sell"])
async def undo_conversion(request: AnyRequest, conversion_id: RecordId) -> Response[None]:
    """Refused, naming the objects, once somebody has worked on what the conversion made."""
    caller = await called(request, Scope.CONVERT)
    no_parameters(request)
    try:
        await ask(undone, Undo(caller, id_of(conversion_id)))
    except WorkedOn as exc:
        raise bad_attribute(TYPE, "id", "incorrect_value", f"{exc.message.capitalize()}.") from exc
    return nothing()


def converted(session: Session, wanted: Wanted) -> Conversion:
    """The conversion; the first one where the lead was converted before."""
    caller = wanted.caller
    command = ConvertLead(
        business_id=caller.business_id,
        lead_id=wanted.lead_ids[0],
        actor=acting(session, caller.business_id, caller.user_id),
        owner_id=wanted.owner_id,
        create_deal=wanted.create_deal,
    )
    return convert(session, command).conversion


def undone(session: Session, wanted: Undo) -> None:
    caller = wanted.caller
    actor = acting(session, caller.business_id, caller.user_id)
    undo(
        session,
        UndoConversion(business_id=caller.business_id, conversion_id=wanted.conversion_id, actor=actor),
    )


def page_of(caller: Caller, query: dict[str, str]) -> ListConversions:
    """Raises `Refused` for the first parameter that is unknown or malformed."""
    page, limit, rest = paging(query, MOST_PER_PAGE, LAST_PAGE)
    cursor = rest.pop("cursor", None)
    command = ListConversions(
        business_id=caller.business_id, equal=filters_of(rest), limit=limit, offset=(page - 1) * limit
    )
    if cursor is None:
        return command
    before = from_cursor(cursor)
    if before is None or "page" in query:
        raise bad_parameter("cursor", "must be a cursor of an earlier answer, without a page")
    return replace(command, before=before)


def filters_of(query: dict[str, str]) -> dict[str, int]:
    """The ids by which conversions are looked for."""
    found = {}
    for name, value in query.items():
        if name not in FILTERS:
            raise bad_parameter(name, "unknown parameter")
        try:
            found[name] = a_number(value)
        except ValueError as exc:
            raise bad_parameter(name, str(exc)) from None
    return found


def told(caller: Caller, conversion: Conversion) -> Document:
    """A conversion with links to what it made."""
    made = {
        "individual": ("contacts", conversion.individual_id),
        "organization": ("contacts", conversion.organization_id),
        "deal": ("deals", conversion.deal_id),
    }
    links = {
        name: f"{caller.base}/{path}/{one}" if one is not None else None for name, (path, one) in made.items()
    }
    data: Document = {
        "id": conversion.id,
        "lead_id": conversion.lead_id,
        "individual_id": conversion.individual_id,
        "organization_id": conversion.organization_id,
        "deal_id": conversion.deal_id,
        "creator_id": conversion.creator_id,
        "created_at": told_moment(conversion.created_at),
    }
    return envelope(data, {"type": TYPE, "links": links})


HANDLERS = [create_conversion, get_conversions, undo_conversion]
