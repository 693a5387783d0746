"""Erase a person: their rows are emptied at once, and what only a long look finds a moment later.

Rows that others point at stay, without anything that tells who it was. Of an address a salted hash stays
in the suppressions, so that nobody who was erased is written to again without a person's doing.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from models.database import held, now
from models.delivery import ERASED, OF_VISITORS, Channel, hashed
from models.erasure import Erasure
from models.identifiers import new_uid
from models.job import JobKind
from models.operations.person.companies import OF_COMPANIES
from models.operations.person.find import Known, Person, find_all, gathered
from models.operations.person.kept import KEPT
from models.operations.person.requests import grown_since, is_awaited, with_open_requests, with_requests
from models.operations.promise import job_of, promise_later

# Whoever had read the rows before they were emptied has written what follows from them by then.
SETTLING = timedelta(seconds=20)
MOST_LISTED = 200
DEAD = "dead"

# That the address is dead, or who wants no mail, stays known of its hash; a provider's words do not.
SUPPRESS = f"""
    INSERT INTO suppression (business_id, channel, address, reason)
    SELECT b.id, '{Channel.EMAIL}', {hashed("b.salt", "a")},
        CASE WHEN s.reason IS NULL THEN '{ERASED}' WHEN s.reason = ANY(%(of_visitors)s) THEN s.reason
        ELSE '{DEAD}' END
    FROM business b CROSS JOIN unnest(%(addresses)s::text[]) AS a
    LEFT JOIN suppression s
        ON s.business_id = b.id AND s.channel = '{Channel.EMAIL}' AND s.address = a
    WHERE b.id = %(business)s
    ON CONFLICT (business_id, channel, address) DO UPDATE SET reason = EXCLUDED.reason
        WHERE suppression.reason = '{ERASED}' OR EXCLUDED.reason = '{DEAD}'
"""  # noqa: S608 - words of our own
FORGET = "DELETE FROM suppression WHERE business_id = %(business)s AND address = ANY(%(addresses)s)"


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasePerson:
    """Erase whom `reference` means: an address, a unique id or a uid. `user_id` is who asked for it."""

    business_id: int
    reference: str
    user_id: int | None = None


def erase_person(session: Session, command: ErasePerson) -> Erasure:
    """Empty what is found at once, and owe the rest. Raises `NotFound` or `Invalid`."""
    person = find_all(session, command.business_id, command.reference, held=True)
    empty(session, with_open_requests(session, person))
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
    finish_later(session, erasure)
    return erasure


def finish_later(session: Session, erasure: Erasure) -> None:
    """Each time it is put off for twice as long."""
    moment = now(session)
    due = moment + max(SETTLING, moment - erasure.created_at)
    promise_later(session, job_of(JobKind.ERASE, erasure.business_id, erasure.id), due)


def finish_erasure(session: Session, erasure_id: int) -> Erasure | None:
    """Look everywhere, and forget what was looked for; None where that was done before.

    While something of before is under way, only what is found at once is emptied, and it is looked again.
    """
    erasure = session.exec(held(select(Erasure).where(Erasure.id == erasure_id))).first()
    if erasure is None or erasure.finished_at is not None:
        return None
    session.connection().exec_driver_sql("SET LOCAL statement_timeout = 0")
    person = grown(session, erasure)
    erasure.leads, erasure.contacts, erasure.addresses = person.leads, person.contacts, person.addresses
    if is_awaited(session, person):
        empty(session, with_open_requests(session, person))
        finish_later(session, erasure)
    else:
        empty(session, with_requests(session, person))
        erasure.addresses, erasure.finished_at = [], now(session)
    return erasure


def grown(session: Session, erasure: Erasure) -> Person:
    """The person as found at first, and what became of requests that were under way then."""
    known = Known(
        business=erasure.business_id,
        asked_at=erasure.created_at,
        leads=erasure.leads,
        contacts=erasure.contacts,
        addresses=erasure.addresses,
    )
    return gathered(session, grown_since(session, known))


def empty(session: Session, person: Person) -> None:
    connection = session.connection()
    names = asdict(person) | {"of_visitors": sorted(OF_VISITORS)}
    for sql in OF_COMPANIES:
        connection.exec_driver_sql(sql, names)
    for kept in KEPT:
        if names[kept.of]:
            connection.exec_driver_sql(kept.erasing, names)
    connection.exec_driver_sql(SUPPRESS, names)
    connection.exec_driver_sql(FORGET, names)


def erasures_of(session: Session, business_id: int) -> list[Erasure]:
    """The newest erasures of a business."""
    query = select(Erasure).where(Erasure.business_id == business_id).order_by(col(Erasure.id).desc())
    return list(session.exec(query.limit(MOST_LISTED)))
