"""Conversions by a worker: one lead or many in a request, and how far they are (RFC 7240, 202)."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from litestar import Response, get
from litestar.params import PathParameter
from sqlmodel import Session

from intake.ask import ask
from intake.dialects.sell.answers import Document, answer, envelope
from intake.dialects.sell.caller import Caller, called
from intake.dialects.sell.records import no_parameters
from intake.dialects.sell.values import told_moment
from intake.dialects.sell.wanted import Wanted
from intake.door import AnyRequest
from models.conversion import ConversionBatch, ConversionItem
from models.errors import NotFound
from models.operations.convert_later import ConvertLater, convert_later, progress
from models.operations.records.staff import acting
from models.operations.tokens import Scope

PATH = "/lead_conversions/batches"
TYPE = "lead_conversion_batch"

Uid = Annotated[str, PathParameter(description="The batch's id")]
Batch = tuple[ConversionBatch, Sequence[ConversionItem]]


async def deferred(wanted: Wanted) -> Response[bytes]:
    """Promise the conversions, and say where their outcomes will stand."""
    batch = await ask(promised, wanted)
    headers = {"Location": url_of(wanted.caller, batch[0]), "Preference-Applied": "respond-async"}
    return answer(told(wanted.caller, batch), 202, headers)


def promised(session: Session, wanted: Wanted) -> Batch:
    caller = wanted.caller
    command = ConvertLater(
        business_id=caller.business_id,
        lead_ids=wanted.lead_ids,
        actor=acting(session, caller.business_id, caller.user_id),
        owner_id=wanted.owner_id,
        create_deal=wanted.create_deal,
    )
    return progress(session, caller.business_id, convert_later(session, command).uid)


@get(f"{PATH}/{{uid:str}}", summary="How far a batch of conversions is", tags=["sell"])
async def get_batch(request: AnyRequest, uid: Uid) -> Response[bytes]:
    caller = await called(request, Scope.LEADS_READ)
    no_parameters(request)
    if not (uid.isascii() and uid.isalnum()):
        raise NotFound("there is no such batch", "id")
    return answer(told(caller, await ask(found, (caller.business_id, uid))))


def found(session: Session, named: tuple[int, str]) -> Batch:
    return progress(session, *named)


def url_of(caller: Caller, batch: ConversionBatch) -> str:
    return f"{caller.base}{PATH}/{batch.uid}"


def told(caller: Caller, shown: Batch) -> Document:
    """The batch, how many of its leads are in which state, and the outcome of each."""
    batch, items = shown
    states = Counter(item.state for item in items)
    data: Document = {
        "id": batch.uid,
        "status": "running" if states["pending"] else "complete",
        **{state: states[state] for state in ("pending", "converted", "refused")},
        "owner_id": batch.owner_id,
        "create_deal": batch.create_deal,
        "creator_id": batch.creator_id,
        "created_at": told_moment(batch.created_at),
        "leads": [outcome(item) for item in items],
    }
    return envelope(data, {"type": TYPE, "links": {"self": url_of(caller, batch)}})


def outcome(item: ConversionItem) -> Document:
    return {
        "lead_id": item.lead_id,
        "status": item.state,
        "conversion_id": item.conversion_id,
        "reason": item.reason or None,
        "finished_at": told_moment(item.finished_at),
    }
