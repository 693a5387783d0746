"""Unsubscribe: the recipient of a message wants no more of them from that business."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models.business import Business
from models.delivery import OF_ERASED, UNSUBSCRIBED, Delivery, Suppression
from models.errors import NotFound


def business_of(session: Session, token: str) -> str:
    """The name of the business whose message carried the token. Raises `NotFound`."""
    return found(session, token)[1].name


def unsubscribe(session: Session, token: str) -> str:
    """Suppress the recipient's address for that business's visitor mail, and give the business's name."""
    delivery, business = found(session, token)
    row = {
        "business_id": delivery.business_id,
        "channel": delivery.channel,
        "address": delivery.recipient,
        "reason": UNSUBSCRIBED,
    }
    # Of who was erased there is a suppression already.
    if not delivery.recipient.startswith(OF_ERASED):
        session.execute(insert(Suppression).values(row).on_conflict_do_nothing())
    return business.name


def found(session: Session, token: str) -> tuple[Delivery, Business]:
    both = session.exec(
        select(Delivery, Business)
        .join(Business, col(Business.id) == col(Delivery.business_id))
        .where(Delivery.unsubscribe_token == token)
    ).first()
    if both is None:
        raise NotFound("no message carried this token")
    return both
