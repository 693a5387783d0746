"""Deals, their stages and their further contacts, as records that staff write."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col, select

from models.business import Business
from models.contact import Contact
from models.database import now
from models.deal import AssociatedContact, Deal, Pipeline, Stage, StageCategory
from models.errors import Invalid, Missing, NotFound, Taken
from models.label import LabelKind
from models.operations.history import new_timeline, next_timeline
from models.operations.pipelines import default_stage, stages_of
from models.operations.records.kind import Draft, Kind, Row
from models.operations.records.labels import LABELS, SOURCES, make_tags
from models.operations.records.people import CONTACTS
from models.operations.records.read import ListRecords, Page, list_records, living
from models.operations.records.staff import USERS
from models.timeline import Owner


@dataclass(frozen=True, kw_only=True, slots=True)
class AssociateContact:
    business_id: int
    deal_id: int
    contact_id: int
    role: str = "involved"


def settle_deal(draft: Draft) -> None:
    if draft.new:
        _begin(draft)
    if draft.changes("contact_id"):
        contact = draft.session.get_one(Contact, draft.values["contact_id"])
        draft.values["organization_id"] = contact.id if contact.is_organization else contact.contact_id
    if draft.new or draft.changes("stage_id"):
        moved = {"last_stage_change_at": now(draft.session), "last_stage_change_by_id": draft.actor.user_id}
        draft.values.update(moved)


def _begin(draft: Draft) -> None:
    """A deal is born in the first stage, in the currency of the business."""
    for column in ("name", "contact_id"):
        if not draft.values.get(column):
            raise Missing(f"{column} must not be empty", column)
    incoming = default_stage(draft.session, draft.business_id, StageCategory.INCOMING)
    draft.values.setdefault("stage_id", incoming.id)
    draft.values.setdefault("owner_id", draft.actor.user_id)
    if not draft.values.get("currency"):
        draft.values["currency"] = draft.session.get_one(Business, draft.business_id).currency
    draft.values["timeline_id"] = next_timeline(draft.session)


def born_deal(draft: Draft) -> None:
    deal: Deal = draft.record
    new_timeline(draft.session, deal.business_id, Owner.DEAL, deal.id, deal.timeline_id)


def forget_associated(draft: Draft) -> None:
    """The further contacts of a deal go with it."""
    mine = col(AssociatedContact.deal_id) == draft.record.id
    draft.session.execute(delete(AssociatedContact).where(mine))


STAGES = Kind(name="stage", table=Stage)
PIPELINES = Kind(name="pipeline", table=Pipeline)
ASSOCIATED = Kind(name="associated_contact", table=AssociatedContact)
DEALS = Kind(
    name="deal",
    table=Deal,
    ended=("deleted_at",),
    references={
        "owner_id": (USERS,),
        "contact_id": (CONTACTS,),
        "stage_id": (STAGES,),
        "source_id": SOURCES["deal"],
        "loss_reason_id": (LABELS[LabelKind.LOSS_REASON],),
        "unqualified_reason_id": (LABELS[LabelKind.DEAL_UNQUALIFIED_REASON],),
    },
    settle=settle_deal,
    born=born_deal,
    written=make_tags,
    removed=forget_associated,
)


def list_pipelines(session: Session, command: ListRecords) -> Page:
    """Pipelines or stages, made where the business has none yet."""
    stages_of(session, command.business_id)
    return list_records(session, command)


def list_associated(session: Session, command: ListRecords) -> Page:
    """The further contacts of the deal that the conditions name. Raises `NotFound`."""
    deal_id = next(one.value for one in command.conditions if one.column == "deal_id")
    living(session, DEALS, command.business_id, deal_id)
    return list_records(session, command)


def associate(session: Session, command: AssociateContact) -> Row:
    """Raises `NotFound` for the deal, `Invalid` for the contact, `Taken` where it is one already."""
    living(session, DEALS, command.business_id, command.deal_id, lock=True)
    try:
        living(session, CONTACTS, command.business_id, command.contact_id)
    except NotFound:
        raise Invalid("contact_id names nothing that exists", "contact_id") from None
    if _associated(session, command) is not None:
        raise Taken("the contact is associated with the deal already", "contact_id")
    associated = AssociatedContact(
        business_id=command.business_id,
        deal_id=command.deal_id,
        contact_id=command.contact_id,
        role=command.role,
    )
    session.add(associated)
    session.flush()
    session.refresh(associated)
    return associated.model_dump()


def dissociate(session: Session, command: AssociateContact) -> None:
    """Raises `NotFound`."""
    living(session, DEALS, command.business_id, command.deal_id, lock=True)
    associated = _associated(session, command)
    if associated is None:
        raise NotFound("the contact is not associated with the deal", "contact_id")
    session.delete(associated)


def _associated(session: Session, command: AssociateContact) -> AssociatedContact | None:
    query = select(AssociatedContact).where(
        AssociatedContact.business_id == command.business_id,
        AssociatedContact.deal_id == command.deal_id,
        AssociatedContact.contact_id == command.contact_id,
    )
    return session.exec(query).first()
