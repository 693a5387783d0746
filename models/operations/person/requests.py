"""The requests of a person, and the events about them: what only reading all of a business's finds."""

from dataclasses import asdict, replace
from typing import Any

from sqlmodel import Session

from models.job import JobKind
from models.mapping.payload import ITEM
from models.operations.person.find import HOLD, Known, Person, ids
from models.operations.person.written import as_a_value, in_a_form, in_any_text

BODY = "encode(body, 'escape')"
# A request that waits for its worker is somebody's work, and one of a partner's may hold other people too,
# unless it is an item of one.
MAY_GO = f"""verdict <> 'received'
    AND NOT (verdict = 'failed' AND door LIKE 'hook:%%' AND content_type <> '{ITEM}')"""
MENTIONED = f"""CASE WHEN content_type ILIKE 'application/x-www-form-urlencoded%%'
    THEN {BODY} ~* %(in_a_form)s ELSE {BODY} ~* %(in_any_text)s END"""
AT_THE_TIME = "receipt.business_id = %(business)s AND receipt.received_at <= %(asked_at)s"
NO_LEAD = "lead_id IS NULL AND body <> ''"

# A batch is not one person's: its items have receipts of their own.
OWN = f"""
    SELECT id FROM receipt WHERE business_id = %(business)s AND (
        lead_id = ANY(%(leads)s)
        OR {NO_LEAD} AND {AT_THE_TIME} AND {MAY_GO} AND verdict <> 'split' AND {BODY} ~* %(as_a_value)s
    )
"""  # noqa: S608 - conditions of our own, here and below
MENTIONS = f"""
    SELECT id FROM receipt
    WHERE {AT_THE_TIME} AND {NO_LEAD} AND verdict IN ('refused', 'split') AND {MENTIONED}
"""  # noqa: S608
# Those that wait for somebody's decision have an index. One that is being decided is left to who does it, and
# what comes of that is found later.
OPEN = f"""
    SELECT id FROM receipt WHERE verdict IN ('quarantined', 'failed') AND {MAY_GO}
        AND {AT_THE_TIME} AND {NO_LEAD} AND {BODY} ~* %(as_a_value)s
    FOR UPDATE SKIP LOCKED
"""  # noqa: S608
# What its worker has, or will have, as a partner's batch; and what is being sent, whose answer is to come.
AWAITED = f"""
    SELECT FROM job JOIN receipt ON receipt.id = job.subject_id
    WHERE job.kind = '{JobKind.RECEIVE}' AND job.state IN ('pending', 'claimed')
        AND {AT_THE_TIME} AND verdict = 'received' AND {MENTIONED}
    UNION ALL SELECT FROM job JOIN delivery d ON d.job_id = job.id
    WHERE d.id = ANY(%(deliveries)s) AND job.state = 'claimed'
    LIMIT 1
"""  # noqa: S608
# What requests of before became after all: a lead of that time, of such a request, or of an item of a batch
# that was split since, and with it the item's receipt was made; and what the leads were converted to.
GROWN = f"""
    WITH grown AS (
        SELECT id, uid FROM lead WHERE id = ANY(%(leads)s)
        UNION SELECT l.id, l.uid FROM lead l
        WHERE l.business_id = %(business)s AND (
            lower(l.email) = ANY(%(addresses)s) OR l.id IN (
                SELECT lead_id FROM identity
                WHERE business_id = %(business)s AND kind = 'email' AND value = ANY(%(addresses)s)
            )
        ) AND (l.created_at <= %(asked_at)s OR EXISTS (
            SELECT FROM receipt r
            WHERE r.business_id = %(business)s AND r.lead_id = l.id AND (
                r.received_at <= %(asked_at)s OR r.content_type = '{ITEM}' AND r.door IN (
                    SELECT door FROM receipt JOIN job ON job.subject_id = receipt.id
                    WHERE verdict = 'split' AND {AT_THE_TIME} AND {MENTIONED}
                        AND job.kind = '{JobKind.RECEIVE}' AND job.finished_at > %(asked_at)s
                )
            )
        ))
    )
    SELECT array(SELECT id FROM grown ORDER BY id), array(
        SELECT id FROM contact WHERE id = ANY(%(contacts)s)
        UNION SELECT c.id FROM contact c JOIN grown USING (uid) WHERE c.business_id = %(business)s
    )
"""  # noqa: S608
EVENTS = """
    SELECT e.id FROM event e
    LEFT JOIN conversion c ON e.type = 'lead.converted' AND c.id = e.subject_id
    WHERE e.business_id = %(business)s AND CASE e.type
        WHEN 'lead.converted' THEN c.lead_id = ANY(%(leads)s)
        WHEN 'delivery.failed' THEN e.subject_id = ANY(%(deliveries)s)
        WHEN 'receipt.quarantined' THEN e.subject_id = ANY(%(receipts)s)
        WHEN 'receipt.failed' THEN e.subject_id = ANY(%(receipts)s)
        ELSE e.subject_id = ANY(%(leads)s)
    END
"""


def with_open_requests(session: Session, person: Person) -> Person:
    """The person with the requests that wait for somebody's decision, which are found at once."""
    return replace(person, receipts=ids(session, OPEN, asked(person)))


def with_requests(session: Session, person: Person) -> Person:
    """The person with all requests and events; it takes as long as reading all of the business's."""
    names = asked(person)
    receipts, mentions = (ids(session, sql, names) for sql in (OWN, MENTIONS))
    found = replace(person, receipts=receipts, mentions=sorted({*mentions} - {*receipts}))
    return replace(found, events=ids(session, EVENTS, asdict(found)))


def grown_since(session: Session, known: Known) -> Known:
    """By what the person is known once what was under way when it was asked has become something.

    The leads are kept from others, so that nobody converts one before it is emptied.
    """
    connection, names = session.connection(), asked(known)
    leads, _ = connection.exec_driver_sql(GROWN, names).one()
    for sql in HOLD:
        connection.exec_driver_sql(sql, {"leads": leads})
    leads, contacts = connection.exec_driver_sql(GROWN, names).one()
    return replace(known, leads=leads, contacts=contacts)


def is_awaited(session: Session, person: Person) -> bool:
    """Whether something of before is under way that may yet write of the person."""
    return session.connection().exec_driver_sql(AWAITED, asked(person)).first() is not None


def asked(person: Known) -> dict[str, Any]:
    return asdict(person) | {
        "as_a_value": as_a_value(person.addresses),
        "in_a_form": in_a_form(person.addresses),
        "in_any_text": in_any_text(person.addresses),
    }
