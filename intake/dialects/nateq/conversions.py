"""Conversions that a worker does: where to look for them, and what became of each lead."""

from dataclasses import dataclass
from typing import Any

from litestar import get
from litestar.params import FromPath
from sqlmodel import Session

from intake.ask import ask
from intake.dialects.nateq import schema
from intake.dialects.nateq.caller import Caller, caller_of
from intake.dialects.nateq.envelope import Envelope, succeeded
from intake.door import AnyRequest, doors_of
from models.operations.outcomes import Outcome, outcomes_of
from models.operations.tokens import Scope

PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Wanted:
    caller: Caller
    uid: str


@get(
    "/conversions/{uid:str}",
    operation_class=schema.OneConversion,
    operation_id="GetConversion",
    summary="Get the outcome of a conversion",
    tags=["leads"],
)
async def get_one(request: AnyRequest, uid: FromPath[str]) -> Envelope:
    """How far the conversion is that `Prefer: respond-async` asked for."""
    caller = await caller_of(request, Scope.LEADS_READ)
    outcomes = await ask(outcomes_of_one, Wanted(caller, uid))
    pending = sum(outcome.state == PENDING for outcome in outcomes)
    data = conversion_object(request, uid, "complete" if not pending else PENDING)
    data["leads"] = [outcome_object(outcome) for outcome in outcomes]
    counts = {"count": len(outcomes), "pendingCount": pending, "total": len(outcomes)}
    return succeeded(data, "Conversion found", meta=counts)


def accepted(request: AnyRequest, uid: str) -> Envelope:
    """The answer to a conversion that was asked for and is not done yet."""
    data = conversion_object(request, uid, PENDING)
    headers = {"Location": data["statusUrl"], "Preference-Applied": "respond-async"}
    return succeeded(data, "Conversion accepted", meta={"pendingCount": 1}, status=202, headers=headers)


def conversion_object(request: AnyRequest, uid: str, state: str) -> dict[str, Any]:
    base = doors_of(request).settings.public_url.rstrip("/")
    return {"id": uid, "state": state, "statusUrl": f"{base}/api/v1/conversions/{uid}"}


def outcome_object(outcome: Outcome) -> dict[str, str | None]:
    return {
        "contactId": outcome.contact_uid,
        "leadId": outcome.lead_uid,
        "reason": outcome.reason,
        "state": outcome.state,
    }


def outcomes_of_one(session: Session, wanted: Wanted) -> list[Outcome]:
    return outcomes_of(session, wanted.caller.tenant.id, wanted.uid)
