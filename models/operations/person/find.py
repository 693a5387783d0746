"""Find all rows of a person, by whatever name they go by: an address, a unique id or a uid."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlmodel import Session

from models.errors import Invalid, NotFound
from models.identifiers import email_address
from models.lead import IdentityKind
from models.operations.find_person import LONGEST_REFERENCE
from models.operations.locks import LOCK, locks
from models.operations.owed import TO_VISITORS
from models.operations.person.written import pattern

# A converted person is a lead and a contact of one uid; deleted ones count.
NAMED = """
    WITH named AS (
        SELECT uid FROM lead WHERE business_id = %(business)s AND uid = %(reference)s
        UNION SELECT uid FROM lead WHERE business_id = %(business)s AND lower(email) = ANY(%(addresses)s)
        UNION SELECT uid FROM lead
            WHERE business_id = %(business)s AND unique_id = %(reference)s AND unique_id <> ''
        UNION SELECT l.uid FROM identity i JOIN lead l ON l.id = i.lead_id
            WHERE i.business_id = %(business)s AND i.value = ANY(%(addresses)s::text[] || %(reference)s::text)
        UNION SELECT uid FROM contact WHERE business_id = %(business)s AND uid = %(reference)s
        UNION SELECT uid FROM contact WHERE business_id = %(business)s AND lower(email) = ANY(%(addresses)s)
        UNION SELECT uid FROM contact
            WHERE business_id = %(business)s AND external_id = %(reference)s AND external_id <> ''
    )
    SELECT array(SELECT l.id FROM lead l JOIN named USING (uid) WHERE l.business_id = %(business)s),
        array(SELECT c.id FROM contact c JOIN named USING (uid) WHERE c.business_id = %(business)s)
"""
KNOWN_BY = """
    SELECT kind, value FROM identity WHERE business_id = %(business)s AND lead_id = ANY(%(leads)s)
    UNION SELECT 'email', lower(email) FROM lead WHERE id = ANY(%(leads)s) AND email <> ''
    UNION SELECT 'email', lower(email) FROM contact WHERE id = ANY(%(contacts)s) AND email <> ''
"""
# A deal with an organization is the organization's.
DEALS = """
    SELECT id FROM deal
    WHERE business_id = %(business)s AND contact_id = ANY(%(contacts)s) AND organization_id IS NULL
"""
TIMELINES = """
    SELECT timeline_id FROM lead WHERE id = ANY(%(leads)s)
    UNION SELECT timeline_id FROM contact WHERE id = ANY(%(contacts)s)
    UNION SELECT timeline_id FROM deal WHERE id = ANY(%(deals)s)
    UNION SELECT id FROM timeline WHERE business_id = %(business)s AND (
        owner_type = 'lead' AND owner_id = ANY(%(leads)s)
        OR owner_type = 'contact' AND owner_id = ANY(%(contacts)s)
        OR owner_type = 'deal' AND owner_id = ANY(%(deals)s)
    )
"""
ENQUIRIES = "SELECT id FROM enquiry WHERE timeline_id = ANY(%(timelines)s)"
DELIVERIES = f"""
    SELECT id FROM delivery WHERE business_id = %(business)s AND template IN {tuple(sorted(TO_VISITORS))}
        AND (recipient = ANY(%(addresses)s) OR cause IN (
            SELECT 'enquiry:' || e FROM unnest(%(enquiries)s::bigint[]) AS e
            UNION ALL SELECT 'appointment:' || uid || ':' || n
            FROM appointment, generate_series(0, sequence) n WHERE lead_id = ANY(%(leads)s)
        ))
"""  # noqa: S608 - words of our own
# Requests that led to no lead are known by what was written in them alone.
RECEIPTS = """
    SELECT id FROM receipt WHERE business_id = %(business)s AND (
        lead_id = ANY(%(leads)s) OR lead_id IS NULL AND body <> '' AND encode(body, 'escape') ~* %(pattern)s
    )
"""
EVENTS = """
    SELECT e.id FROM event e
    LEFT JOIN conversion c ON e.type = 'lead.converted' AND c.id = e.subject_id
    WHERE e.business_id = %(business)s AND CASE e.type
        WHEN 'lead.converted' THEN c.lead_id = ANY(%(leads)s)
        WHEN 'delivery.failed' THEN e.subject_id = ANY(%(deliveries)s)
        WHEN 'receipt.quarantined' THEN e.subject_id = ANY(%(receipts)s)
        ELSE e.subject_id = ANY(%(leads)s)
    END
"""

Ids = list[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """The ids of a person's rows in one business, and the addresses that they go by, in lower case.

    `receipts` and `events` are found by reading all of the business's, so not until that is asked for.
    """

    business: int
    leads: Ids
    contacts: Ids
    addresses: list[str]
    deals: Ids
    timelines: Ids
    enquiries: Ids
    deliveries: Ids
    receipts: Ids
    events: Ids


def find_all(session: Session, business_id: int, reference: str, *, held: bool = False) -> Person:
    """Everything of a person but the receipts and events; `held` keeps posts of theirs waiting meanwhile.

    Raises `NotFound` where nobody goes by that; an address may be known to receipts alone.
    """
    if not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        raise NotFound("nobody goes by that", "person")
    addresses = addresses_of(reference)
    locked: set[tuple[int, str, str]] = set()
    while True:
        names = {"business": business_id, "reference": reference, "addresses": addresses}
        leads, contacts = session.connection().exec_driver_sql(NAMED, names).one()
        known = known_by(session, business_id, leads, contacts)
        kinds = [(str(kind), value) for kind in IdentityKind for value in (*addresses, reference)]
        wanted = {(business_id, kind, value) for kind, value in (*kinds, *known)} if held else set()
        if wanted <= locked:
            break
        # What was read before the locks may have changed since, so it is read again.
        session.connection().exec_driver_sql(LOCK, (locks(wanted - locked),))
        locked |= wanted
    if not (leads or contacts or addresses):
        raise NotFound("nobody goes by that", "person")
    emails = {value for kind, value in known if kind == IdentityKind.EMAIL}
    return gathered(session, business_id, leads, contacts, sorted({*addresses, *emails}))


def addresses_of(reference: str) -> list[str]:
    """The forms in which an address may be kept; none where it is no address."""
    try:
        address = email_address(reference)
    except Invalid:
        return []
    return sorted({address.address.casefold(), address.identity})


def known_by(session: Session, business_id: int, leads: Ids, contacts: Ids) -> list[tuple[str, str]]:
    names = {"business": business_id, "leads": leads, "contacts": contacts}
    return [(row[0], row[1]) for row in session.connection().exec_driver_sql(KNOWN_BY, names)]


def gathered(
    session: Session, business_id: int, leads: Ids, contacts: Ids, addresses: Iterable[str]
) -> Person:
    """What hangs on leads and contacts, all but the receipts and events."""
    names: dict[str, Any] = {"business": business_id, "leads": leads, "contacts": contacts}
    names |= {"addresses": list(addresses), "receipts": [], "events": []}
    for name, sql in (
        ("deals", DEALS), ("timelines", TIMELINES), ("enquiries", ENQUIRIES), ("deliveries", DELIVERIES)
    ):  # fmt: skip
        names[name] = ids(session, sql, names)
    return Person(**names)


def with_receipts(session: Session, person: Person) -> Person:
    """The person with the receipts and the events too; it takes as long as reading all of the business's."""
    connection = session.connection()
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    receipts = ids(session, RECEIPTS, asdict(person) | {"pattern": pattern(person.addresses)})
    found = replace(person, receipts=receipts)
    return replace(found, events=ids(session, EVENTS, asdict(found)))


def ids(session: Session, sql: str, names: dict[str, Any]) -> Ids:
    return [row[0] for row in session.connection().exec_driver_sql(sql, names)]
