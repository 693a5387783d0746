"""Erase a person: their rows are emptied at once, and what only a long look finds a moment later.

Rows that others point at stay, without anything that tells who it was. Of an address a salted hash stays
in the suppressions, so that nobody who was erased is written to again without a person's doing.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from models.database import held, now
from models.delivery import ERASED, Channel, hashed
from models.erasure import Erasure
from models.identifiers import new_uid
from models.job import JobKind
from models.operations.person.find import Person, find_all, gathered, with_receipts
from models.operations.person.kept import KEPT
from models.operations.promise import job_of, promise

# Whoever had read the rows before they were emptied has written what follows from them by then.
SETTLING = timedelta(seconds=20)
MOST_LISTED = 200

# What was known of the address stays known of its hash.
SUPPRESS = f"""
    INSERT INTO suppression (business_id, channel, address, reason)
    SELECT b.id, '{Channel.EMAIL}', {hashed("b.salt", "a")}, coalesce(s.reason, '{ERASED}')
    FROM business b CROSS JOIN unnest(%(addresses)s::text[]) AS a
    LEFT JOIN suppression s
        ON s.business_id = b.id AND s.channel = '{Channel.EMAIL}' AND s.address = a
    WHERE b.id = %(business)s
    ON CONFLICT (business_id, channel, address) DO UPDATE SET reason = EXCLUDED.reason
        WHERE suppression.reason = '{ERASED}'
"""  # noqa: S608 - words of our own
FORGET = "DELETE FROM suppression WHERE business_id = %(business)s AND address = ANY(%(addresses)s)"


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasePerson:
    """Erase whom `reference` means: an address, a unique id or a uid. `user_id` is who asked for it."""

    business_id: int
    reference: str
    user_id: int | None = None


def erase_person(session: Session, command: ErasePerson) -> Erasure:
    """Empty what is found at once, and owe the rest. Raises `NotFound`."""
    person = find_all(session, command.business_id, command.reference, held=True)
    empty(session, person)
    erasure = Erasure(
        uid=new_uid(),
        business_id=command.business_id,
        user_id=command.user_id,
        leads=person.leads,
        contacts=person.contacts,
        addresses=person.addresses,
    )
    session.add(erasure)
    session.flush()
    session.refresh(erasure)
    later = job_of(JobKind.ERASE, command.business_id, erasure.id)
    later.next_at = later.ring_at = now(session) + SETTLING
    promise(session, later)
    return erasure


def finish_erasure(session: Session, erasure_id: int) -> Erasure | None:
    """Look everywhere, and forget what was looked for; None where that was done before."""
    erasure = session.exec(held(select(Erasure).where(Erasure.id == erasure_id))).first()
    if erasure is None or erasure.finished_at is not None:
        return None
    person = gathered(session, erasure.business_id, erasure.leads, erasure.contacts, erasure.addresses)
    empty(session, with_receipts(session, person))
    erasure.addresses, erasure.finished_at = [], now(session)
    return erasure


def empty(session: Session, person: Person) -> None:
    connection = session.connection()
    names = asdict(person)
    for kept in KEPT:
        connection.exec_driver_sql(kept.erasing, names)
    connection.exec_driver_sql(SUPPRESS, names)
    connection.exec_driver_sql(FORGET, names)


def erasures_of(session: Session, business_id: int) -> list[Erasure]:
    """The newest erasures of a business."""
    query = select(Erasure).where(Erasure.business_id == business_id).order_by(col(Erasure.id).desc())
    return list(session.exec(query.limit(MOST_LISTED)))
