"""Receive: what a partner sent becomes leads, or a receipt that says why not.

A request with one item settles its own receipt. A batch is split: each item gets a receipt of its own,
under a key of its own, so that an item which comes again in another batch is known. All of it is one
transaction, so a worker that dies half-way has done nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace
from sqlmodel import Session, col, select

from models.business import Business
from models.errors import Refusal
from models.identifiers import EmailAddress, email_address, new_uid, phone_e164
from models.job import NOTIFICATIONS, JobKind
from models.lead import IdentityKind
from models.mapping.delivery_id import key_of
from models.mapping.draft import Draft, draft
from models.mapping.expression import Unmapped
from models.mapping.items import Item
from models.mapping.payload import ITEM
from models.mapping.preset import Preset, preset
from models.operations.capture import capture_all
from models.operations.commands import Arrival, CaptureLead, Command, Keep
from models.operations.identify import Tenant, tenant_of
from models.operations.plan import Answer
from models.receipt import Receipt, Verdict
from models.source import Source

TEST = "test"
OPEN = (Verdict.RECEIVED, Verdict.FAILED)
NO_LEAD = "not_a_lead"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt that waits for its verdict, with all that is known of its source."""

    receipt: Receipt
    source: Source
    tenant: Tenant

    @property
    def preset(self) -> Preset:
        return preset(self.source.preset)


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A receipt, and its items as far as they are known; `fault` says why nothing could be read at all."""

    waiting: Waiting
    items: Sequence[Item] = ()
    faults: dict[int, Refusal] = field(default_factory=dict)
    fault: Refusal | None = None


def waiting_for(session: Session, receipt_id: int) -> Waiting | None:
    """None where the receipt has its verdict, or is no source's."""
    receipt = session.get(Receipt, receipt_id)
    if receipt is None or receipt.verdict not in OPEN:
        return None
    uid = receipt.door.removeprefix("hook:")
    source = session.exec(
        select(Source).where(col(Source.uid) == uid, col(Source.business_id) == receipt.business_id)
    ).first()
    if source is None:
        return None
    business = session.get_one(Business, receipt.business_id)
    return Waiting(receipt, source, tenant_of(session, business))


def receive(session: Session, received: Received) -> list[Answer]:
    """Give a receipt its verdict, and take in the leads; nothing where somebody else did meanwhile."""
    locked = select(Receipt.verdict).where(col(Receipt.id) == received.waiting.receipt.id).with_for_update()
    if session.exec(locked).first() not in OPEN:
        return []
    return capture_all(session, commands(received))


def commands(received: Received) -> list[Command]:
    """What the capture lane's operation is asked to do."""
    arrival = _arrival(received.waiting)
    if received.fault is not None:
        return [_failed(arrival, received.fault, received.waiting.source)]
    wanted = [(number, item) for number, item in enumerate(received.items) if not item.is_ignored]
    if not wanted:
        return [Keep(arrival=arrival, verdict=Verdict.REFUSED, reason=NO_LEAD)]
    if len(received.items) == 1:
        return [_taken(received, 0, arrival)]
    parts = [_taken(received, number, _part(received.waiting, item)) for number, item in wanted]
    return [*parts, Keep(arrival=arrival, verdict=Verdict.SPLIT)]


def _taken(received: Received, number: int, arrival: Arrival) -> Command:
    """The lead that an item makes, or why it makes none."""
    waiting = received.waiting
    try:
        if number in received.faults:
            raise received.faults[number]
        said = draft(waiting.preset, waiting.source.mapping, received.items[number].content)
        return command_of(said, waiting, arrival)
    except Refusal as exc:
        return _failed(arrival, exc, waiting.source)


def _failed(arrival: Arrival, fault: Refusal, source: Source) -> Keep:
    if source.is_test:
        arrival = replace(arrival, listeners=())
    return Keep(arrival=arrival, verdict=Verdict.FAILED, reason=fault.message)


def _arrival(waiting: Waiting) -> Arrival:
    receipt = waiting.receipt
    return Arrival(
        uid=receipt.uid,
        business_id=receipt.business_id,
        door=receipt.door,
        body=receipt.body,
        content_type=receipt.content_type,
        user_id=waiting.tenant.owner_id,
        listeners=waiting.tenant.listeners,
        receipt_id=receipt.id,
    )


def _part(waiting: Waiting, item: Item) -> Arrival:
    """An item's own receipt, which is written beside that of its batch."""
    return replace(
        _arrival(waiting),
        uid=new_uid(),
        body=item.body,
        content_type=ITEM,
        receipt_id=None,
        is_part=True,
        # Such an item is an id and no more; it looks otherwise when it came alone.
        is_key_enough=bool(waiting.preset.fetch),
        idempotency_key=key_of(waiting.receipt.door, item.id) if item.id else None,
    )


def command_of(said: Draft, waiting: Waiting, arrival: Arrival) -> CaptureLead:
    """A draft as a command. Raises `Invalid` or `Unmapped`, naming the attribute."""
    source, tenant, texts = waiting.source, waiting.tenant, said.texts
    email = email_address(texts["email"]) if texts["email"] else None
    if not (email or texts["phone"] or texts["unique_id"]):
        raise Unmapped("email, phone, unique_id: none was found, so nobody could be reached", "email")
    is_test = said.is_test or source.is_test
    wanted = () if is_test else source.notifications
    notifications = frozenset(NOTIFICATIONS[name] for name in wanted)
    message = {"Message": texts["message"]} if texts["message"] else {}
    return CaptureLead(
        # Nobody is told of a trial, and it must change nobody who is known, so it stands beside them;
        # nor may whoever comes later be taken for it.
        arrival=replace(arrival, listeners=()) if is_test else arrival,
        match_on=None if is_test else _match_on(IdentityKind(source.identifier), email, texts["unique_id"]),
        claims=not is_test,
        title=texts["title"] or source.name,
        first_name=said.first_name,
        last_name=said.last_name,
        email=email,
        unique_id=texts["unique_id"],
        phone=texts["phone"],
        phone_e164=phone_e164(texts["phone"], tenant.country),
        address=texts["address"],
        status=texts["status"],
        source=texts["source"],
        source_url=texts["source_url"],
        system_message=texts["system_message"],
        tags=(*said.tags, TEST) if is_test else said.tags,
        opt_in=said.opt_in,
        sms_opt_in=said.sms_opt_in,
        request_data=said.data,
        message_data=message,
        notifications=notifications,
        owner_channels=tenant.owner_channels if notifications - {JobKind.AUTO_REPLY} else (),
    )


def _match_on(preferred: IdentityKind, email: EmailAddress | None, unique_id: str) -> IdentityKind | None:
    """The identifier to look for: the source's own, or the other where that was not sent."""
    sent = {IdentityKind.EMAIL: bool(email), IdentityKind.UNIQUE_ID: bool(unique_id)}
    return next((kind for kind in sorted(sent, key=lambda kind: kind != preferred) if sent[kind]), None)
