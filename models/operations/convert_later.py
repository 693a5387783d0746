"""Convert later: many leads in one request, converted by workers, each with an outcome of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.conversion import ConversionBatch, ConversionItem
from models.database import now
from models.errors import Invalid, Refusal, UnknownConversion
from models.identifiers import new_uid
from models.job import JobKind
from models.operations.actor import Actor, actor_of
from models.operations.convert import ConvertLead, convert
from models.operations.promise import job_of, promise

MOST_LEADS = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class ConvertLater:
    business_id: int
    lead_ids: Sequence[int]
    actor: Actor
    owner_id: int | None = None
    create_deal: bool = True


def convert_later(session: Session, command: ConvertLater) -> ConversionBatch:
    """Promise the conversions. Raises `Invalid` for none or too many."""
    if not 1 <= len(command.lead_ids) <= MOST_LEADS:
        raise Invalid(f"1 to {MOST_LEADS} leads can be converted in one request", "lead_ids")
    batch = ConversionBatch(
        uid=new_uid(),
        business_id=command.business_id,
        creator_id=command.actor.user_id,
        owner_id=command.owner_id,
        create_deal=command.create_deal,
    )
    session.add(batch)
    session.flush()
    items = [
        ConversionItem(business_id=command.business_id, batch_id=batch.id, lead_id=lead_id)
        for lead_id in dict.fromkeys(command.lead_ids)
    ]
    session.add_all(items)
    session.flush()
    promise(session, *(job_of(JobKind.CONVERT, command.business_id, item.id) for item in items))
    return batch


def progress(
    session: Session, business_id: int, uid: str
) -> tuple[ConversionBatch, Sequence[ConversionItem]]:
    """How far a batch is: each lead's outcome, in the order asked for. Raises `UnknownConversion`."""
    query = select(ConversionBatch).where(
        ConversionBatch.uid == uid, ConversionBatch.business_id == business_id
    )
    batch = session.exec(query).first()
    if batch is None:
        raise UnknownConversion("there is no such batch", "id")
    items = select(ConversionItem).where(ConversionItem.batch_id == batch.id).order_by(col(ConversionItem.id))
    return batch, session.exec(items).all()


def convert_item(session: Session, item_id: int) -> ConversionItem | None:
    """Convert one lead of a batch and write down what became of it; a refusal is an outcome too."""
    query = select(ConversionItem).where(ConversionItem.id == item_id).with_for_update()
    item = session.exec(query).first()
    if item is None or item.state != "pending":
        return item
    batch = session.get_one(ConversionBatch, item.batch_id)
    command = ConvertLead(
        business_id=item.business_id,
        lead_id=item.lead_id,
        actor=actor_of(session, batch.creator_id),
        owner_id=batch.owner_id,
        create_deal=batch.create_deal,
    )
    try:
        item.conversion_id = convert(session, command).conversion.id
        item.state = "converted"
    except Refusal as refusal:
        item.state, item.reason = "refused", refusal.message
    item.finished_at = now(session)
    return item
