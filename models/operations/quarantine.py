"""Quarantine: posts that wait for a person, listed, held for a release, or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.activity import ActivityKind
from models.enquiry import Enquiry
from models.errors import NotFound
from models.form import Form, Suspect
from models.operations.actor import actor_of
from models.receipt import Receipt, Verdict

DROPPED = "dropped"


class UnknownReceipt(NotFound):
    reason = "unknown_receipt"


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedSuspects:
    """Quarantined posts of a business, of one form where it is named by uid or key; newest first."""

    business_id: int
    form: str = ""
    limit: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class OfReceipt:
    """A quarantined post by its receipt's uid, and who decides about it."""

    receipt: str
    business_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A quarantined post, held until the transaction ends, with what its form knew of it."""

    receipt: Receipt
    suspect: Suspect
    form: Form


def list_suspects(session: Session, wanted: WantedSuspects) -> Sequence[tuple[Receipt, Suspect, Form]]:
    statement = (
        select(Receipt, Suspect, Form)
        .join(Suspect, col(Suspect.receipt_uid) == col(Receipt.uid))
        .join(Form, col(Form.id) == col(Suspect.form_id))
        .where(Receipt.business_id == wanted.business_id, Receipt.verdict == Verdict.QUARANTINED)
    )
    if wanted.form:
        statement = statement.where((col(Form.uid) == wanted.form) | (col(Form.key) == wanted.form))
    return session.exec(statement.order_by(col(Receipt.id).desc()).limit(wanted.limit)).all()


def hold(session: Session, wanted: OfReceipt) -> Held:
    """A post that nobody else decides about meanwhile. Raises `UnknownReceipt`."""
    statement = (
        select(Receipt, Suspect, Form)
        .join(Suspect, col(Suspect.receipt_uid) == col(Receipt.uid))
        .join(Form, col(Form.id) == col(Suspect.form_id))
        .where(Receipt.uid == wanted.receipt, Receipt.verdict == Verdict.QUARANTINED)
    )
    if wanted.business_id is not None:
        statement = statement.where(Receipt.business_id == wanted.business_id)
    row = (
        session.exec(statement.with_for_update(of=Receipt)).first() if wanted.receipt.isprintable() else None
    )
    if row is None:
        raise UnknownReceipt("no quarantined post has this receipt", "receipt")
    return Held(*row)


def drop(session: Session, wanted: OfReceipt) -> None:
    """Decide that nothing comes of a post; its receipt stays. Raises `UnknownReceipt`."""
    receipt = hold(session, wanted).receipt
    receipt.verdict, receipt.reason = Verdict.REFUSED, f"{DROPPED}: {receipt.reason}"
    session.add(receipt)
    session.flush()


def tell_release(session: Session, held: Held, enquiry_uid: str, user_id: int | None) -> None:
    """Write on the person's timeline who let the enquiry in, and what had spoken against it."""
    enquiry = session.exec(
        select(Enquiry).where(Enquiry.uid == enquiry_uid, Enquiry.business_id == held.form.business_id)
    ).one()
    session.add(
        actor_of(session, user_id).did(
            business_id=enquiry.business_id,
            timeline_id=enquiry.timeline_id,
            kind=ActivityKind.RELEASED,
            description="Released an enquiry from quarantine",
            facts={"receipt": held.receipt.uid, "rules": held.suspect.rules, "score": held.suspect.score},
        )
    )
