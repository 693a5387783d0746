"""Preview: what a body would lead to by the current mapping, with the match and the difference."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.business import Business
from models.errors import Refusal
from models.identifiers import new_uid
from models.mapping.expression import Unmapped
from models.mapping.items import FETCHED, items_of
from models.mapping.preset import preset
from models.operations.capture import capture_all
from models.operations.commands import Captured, CaptureLead, Command
from models.operations.identify import tenant_of
from models.operations.plan import Answer
from models.operations.sources.receive import Received, Waiting, commands
from models.receipt import Receipt, Verdict
from models.source import Source

TOLD_BY_WORKER = "a worker fetches the lead; give it in the sample as `fetched` to see what follows"


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One lead, or the reason why there is none; `lead` has the attributes that say something."""

    verdict: str
    reason: str = ""
    lead: dict[str, Any]
    promised: int = 0
    matched_on: str = ""
    difference: list[dict[str, Any]]


def preview(session: Session, source: Source, content_type: str, body: bytes) -> list[Preview]:
    """Take it in and take it back: the same steps as ever, and nothing is written."""
    wanted = commands(_received(session, source, content_type, body))
    savepoint = session.begin_nested()
    try:
        answers = capture_all(session, wanted)
        told = [_told(session, *one) for one in zip(wanted, answers, strict=True)]
    finally:
        savepoint.rollback()
    return [one for one in told if one.verdict != Verdict.SPLIT]


def _received(session: Session, source: Source, content_type: str, body: bytes) -> Received:
    receipt = Receipt(
        uid=new_uid(), business_id=source.business_id, door=source.door, content_type=content_type, body=body
    )
    tenant = tenant_of(session, session.get_one(Business, source.business_id))
    waiting = Waiting(receipt, source, tenant)
    try:
        items = items_of(preset(source.preset), source.mapping, content_type, body)
    except Refusal as exc:
        return Received(waiting=waiting, fault=exc)
    thin = preset(source.preset).fetch
    faults: dict[int, Refusal] = {
        number: Unmapped(TOLD_BY_WORKER, FETCHED)
        for number, item in enumerate(items)
        if thin and isinstance(item.content, dict) and FETCHED not in item.content
    }
    return Received(waiting=waiting, items=items, faults=faults)


def _told(session: Session, command: Command, answer: Answer) -> Preview:
    lead = _lead(command) if isinstance(command, CaptureLead) else {}
    if isinstance(answer, Captured) and answer.replayed:
        return Preview(verdict="seen", reason="this delivery was received before", lead=lead, difference=[])
    receipt = session.exec(select(Receipt).where(col(Receipt.uid) == command.arrival.uid)).one()
    return Preview(
        verdict=receipt.verdict,
        reason=receipt.reason,
        lead=lead,
        promised=receipt.promised,
        matched_on=receipt.matched_on,
        difference=receipt.difference or [],
    )


def _lead(command: CaptureLead) -> dict[str, Any]:
    """The attributes of a command as an operator reads them."""
    names = (
        "first_name", "last_name", "email", "phone", "unique_id", "address", "title", "status", "source",
        "source_url", "system_message", "tags", "opt_in", "sms_opt_in",
    )  # fmt: skip
    lead = {name: getattr(command, name) for name in names}
    lead["email"] = command.email.address if command.email else ""
    lead["tags"] = ", ".join(command.tags)
    lead |= {f"request_data.{label}": value for label, value in command.request_data.items()}
    lead |= {label.lower(): value for label, value in command.message_data.items()}
    lead["notifications"] = ", ".join(sorted(command.notifications))
    return {name: value for name, value in lead.items() if value}
