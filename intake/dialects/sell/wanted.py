"""What a conversion's body asks for: which leads, for whom, and whether with a deal."""

from dataclasses import dataclass

from intake.body import Document as Body
from intake.body import Value
from intake.dialects.sell.caller import Caller
from intake.dialects.sell.refusals import Fault, Refused, attribute_fault
from intake.dialects.sell.values import BadValue, as_flag, as_number

TYPE = "lead_conversion"
# Told in answers, so that they may come back.
ECHOED = {"id", "individual_id", "organization_id", "deal_id", "creator_id", "created_at"}


@dataclass(frozen=True, slots=True)
class Wanted:
    caller: Caller
    lead_ids: tuple[int, ...]
    owner_id: int | None
    create_deal: bool


def wanted_of(caller: Caller, data: Body, *, later: bool) -> Wanted:
    """Raises `Refused` with every attribute that is wrong. Many leads at once are for later only."""
    known = {"lead_id", "owner_id", "create_deal"} | ({"lead_ids"} if later else set())
    faults = [attribute_fault(TYPE, name, "unknown", "") for name in data if name not in known | ECHOED]
    lead_ids = _leads(data, faults, later=later)
    owner_id = _read(data, "owner_id", faults)
    create_deal = _deal(data, faults)
    if faults:
        raise Refused(422, *faults)
    return Wanted(caller, lead_ids, owner_id, create_deal)


def _leads(data: Body, faults: list[Fault], *, later: bool) -> tuple[int, ...]:
    many: Value = data.get("lead_ids") if later else None
    if many is not None:
        try:
            return _numbers(many)
        except BadValue as exc:
            faults.append(attribute_fault(TYPE, "lead_ids", exc.code, exc.why))
            return ()
    if data.get("lead_id") is None:
        faults.append(attribute_fault(TYPE, "lead_id", "missing", ""))
        return ()
    lead_id = _read(data, "lead_id", faults)
    return () if lead_id is None else (lead_id,)


def _numbers(many: Value) -> tuple[int, ...]:
    if not isinstance(many, list):
        raise BadValue("invalid_type", "A list of integers is expected.")
    return tuple(as_number(one) for one in many)


def _read(data: Body, name: str, faults: list[Fault]) -> int | None:
    sent = data.get(name)
    try:
        return None if sent is None else as_number(sent)
    except BadValue as exc:
        faults.append(attribute_fault(TYPE, name, exc.code, exc.why))
        return None


def _deal(data: Body, faults: list[Fault]) -> bool:
    sent = data.get("create_deal")
    try:
        return True if sent is None else as_flag(sent)
    except BadValue as exc:
        faults.append(attribute_fault(TYPE, "create_deal", exc.code, exc.why))
        return True
