"""Find all rows of a person, by whatever name they go by: an address, a unique id or a uid."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.database import now
from models.errors import Invalid, NotFound
from models.identifiers import email_address
from models.lead import IdentityKind
from models.operations.find_person import LONGEST_REFERENCE
from models.operations.locks import LOCK, locks
from models.operations.owed import TO_VISITORS
from models.operations.records.identities import known_by

# A converted person is a lead and a contact of one uid; deleted ones count.
NAMED = """
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
"""
# Of several leads that became one contact elsewhere, one has its uid.
OF_UIDS = """
    WITH RECURSIVE mine(uid) AS (
        SELECT unnest(%(uids)s::text[])
        UNION SELECT other.uid FROM mine CROSS JOIN LATERAL (
            SELECT k.uid FROM lead l JOIN conversion c ON c.lead_id = l.id AND c.state <> 'undone'
                JOIN contact k ON k.id = c.individual_id
                WHERE l.business_id = %(business)s AND l.uid = mine.uid
            UNION ALL SELECT l.uid FROM contact k
                JOIN conversion c ON c.individual_id = k.id AND c.state <> 'undone'
                JOIN lead l ON l.id = c.lead_id
                WHERE k.business_id = %(business)s AND k.uid = mine.uid
        ) other
    )
    SELECT array(SELECT id FROM lead JOIN mine USING (uid) WHERE business_id = %(business)s),
        array(SELECT id FROM contact JOIN mine USING (uid) WHERE business_id = %(business)s)
"""
# Consents first, as whoever confirms one holds it before the lead.
HOLD = (
    "SELECT FROM consent WHERE lead_id = ANY(%(leads)s) ORDER BY id FOR UPDATE",
    "SELECT FROM lead WHERE id = ANY(%(leads)s) ORDER BY id FOR UPDATE",
)
# An address by which somebody else goes too stays theirs.
EMAILS = """
    SELECT email FROM (
        SELECT lower(email) AS email FROM lead WHERE id = ANY(%(leads)s)
        UNION SELECT lower(email) FROM contact WHERE id = ANY(%(contacts)s)
        UNION SELECT value FROM identity WHERE lead_id = ANY(%(leads)s) AND kind = 'email'
    ) AS mine
    WHERE email <> '' AND NOT EXISTS (
        SELECT FROM lead l WHERE l.business_id = %(business)s AND lower(l.email) = mine.email
            AND NOT l.id = ANY(%(leads)s)
    ) AND NOT EXISTS (
        SELECT FROM contact c WHERE c.business_id = %(business)s AND lower(c.email) = mine.email
            AND NOT c.id = ANY(%(contacts)s)
    )
"""
INDIVIDUALS = "SELECT id FROM contact WHERE id = ANY(%(contacts)s) AND NOT is_organization"
COMPANIES = "SELECT id FROM contact WHERE id = ANY(%(contacts)s) AND is_organization"
# A deal with an organization is the organization's.
DEALS = "SELECT id FROM deal WHERE contact_id = ANY(%(individuals)s) AND organization_id IS NULL"
TIMELINES = """
    SELECT timeline_id FROM lead WHERE id = ANY(%(leads)s)
    UNION SELECT timeline_id FROM contact WHERE id = ANY(%(individuals)s)
    UNION SELECT timeline_id FROM deal WHERE id = ANY(%(deals)s)
    UNION SELECT id FROM timeline WHERE business_id = %(business)s AND (
        owner_type = 'lead' AND owner_id = ANY(%(leads)s)
        OR owner_type = 'contact' AND owner_id = ANY(%(individuals)s)
        OR owner_type = 'deal' AND owner_id = ANY(%(deals)s)
    )
"""
ENQUIRIES = "SELECT id FROM enquiry WHERE timeline_id = ANY(%(timelines)s)"
DELIVERIES = f"""
    SELECT id FROM delivery WHERE recipient = ANY(%(addresses)s) AND business_id = %(business)s
        AND template IN {tuple(sorted(TO_VISITORS))} AND created_at <= %(asked_at)s
    UNION SELECT d.id FROM (
        SELECT 'enquiry:' || e AS cause FROM unnest(%(enquiries)s::bigint[]) AS e
        UNION ALL SELECT 'appointment:' || uid || ':' || n
        FROM appointment, generate_series(0, sequence) n WHERE lead_id = ANY(%(leads)s)
    ) c JOIN delivery d ON d.business_id = %(business)s AND d.cause = c.cause
    WHERE d.template IN {tuple(sorted(TO_VISITORS))}
"""  # noqa: S608 - words of our own
STEPS = {
    "individuals": INDIVIDUALS,
    "companies": COMPANIES,
    "deals": DEALS,
    "timelines": TIMELINES,
    "enquiries": ENQUIRIES,
    "deliveries": DELIVERIES,
}

Ids = list[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """By what a person is known in a business as of `asked_at`: ids, and addresses in lower case."""

    business: int
    asked_at: datetime
    leads: Ids
    contacts: Ids
    addresses: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Person(Known):
    """The ids of all of a person's rows.

    `contacts` are `individuals` and `companies`: of these only the details that came with the person are
    theirs. `receipts`, `mentions` (closed requests that name the address somewhere) and `events` are found
    by reading all of the business's, so not until that is asked for.
    """

    individuals: Ids
    companies: Ids
    deals: Ids
    timelines: Ids
    enquiries: Ids
    deliveries: Ids
    receipts: Ids
    mentions: Ids
    events: Ids


def find_all(session: Session, business_id: int, reference: str, *, held: bool = False) -> Person:
    """Everything of a person but the receipts and events; `held` keeps others from writing meanwhile.

    Raises `NotFound` where nobody goes by that (an address may be known to receipts alone), and `Invalid`
    where several do and it is no address.
    """
    if not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        raise NotFound("nobody goes by that", "person")
    addresses = addresses_of(reference)
    names = {"business": business_id, "reference": reference, "addresses": addresses}
    uids = named(session, names)
    if not (uids or addresses):
        raise NotFound("nobody goes by that", "person")
    if len(uids) > 1 and not addresses:
        raise Invalid("several people go by that: name one by uid", "person")
    leads, contacts = hold(session, names, uids) if held else of_uids(session, business_id, uids)
    known = Known(
        business=business_id, asked_at=now(session), leads=leads, contacts=contacts, addresses=addresses
    )
    return gathered(session, known)


def addresses_of(reference: str) -> list[str]:
    """The forms in which an address may be kept; none where it is no address."""
    try:
        address = email_address(reference)
    except Invalid:
        return []
    return sorted({address.address.casefold(), address.address.lower(), address.identity})


def named(session: Session, names: dict[str, Any]) -> list[str]:
    return sorted(row[0] for row in session.connection().exec_driver_sql(NAMED, names))


def of_uids(session: Session, business_id: int, uids: list[str]) -> tuple[Ids, Ids]:
    """Leads and contacts."""
    leads, contacts = (
        session.connection().exec_driver_sql(OF_UIDS, {"business": business_id, "uids": uids}).one()
    )
    return leads, contacts


def hold(session: Session, names: dict[str, Any], uids: list[str]) -> tuple[Ids, Ids]:
    """Leads and contacts as they stand once nobody else can change who they are.

    Posts of the person wait for the identities' locks, conversions for the leads. What was read before
    them may have changed, so it is read again; locks that did not suffice are given back, and all are
    taken anew in one order, as everybody takes them.
    """
    connection = session.connection()
    business, values = names["business"], (*names["addresses"], names["reference"])
    wanted = {(business, kind, value) for kind in map(str, IdentityKind) for value in values}
    while True:
        savepoint = session.begin_nested()
        leads, _ = of_uids(session, business, uids)
        wanted |= {*known_by(session, business, leads)}
        connection.exec_driver_sql(LOCK, (locks(wanted),))
        for sql in HOLD:
            connection.exec_driver_sql(sql, {"leads": leads})
        again = named(session, names)
        if again == uids and wanted.issuperset(known_by(session, business, leads)):
            savepoint.commit()
            return of_uids(session, business, uids)
        uids = again
        savepoint.rollback()


def gathered(session: Session, known: Known) -> Person:
    """What hangs on leads and contacts, all but the receipts and events."""
    names = asdict(known)
    own = {row[0] for row in session.connection().exec_driver_sql(EMAILS, names)}
    names["addresses"] = sorted({*known.addresses, *own})
    for name, sql in STEPS.items():
        names[name] = ids(session, sql, names)
    return Person(**names, receipts=[], mentions=[], events=[])


def ids(session: Session, sql: str, names: dict[str, Any]) -> Ids:
    return [row[0] for row in session.connection().exec_driver_sql(sql, names)]
