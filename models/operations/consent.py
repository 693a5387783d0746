"""Consent: why a message must not go, looked at right before it leaves and not when it was promised (P32)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.delivery import ERASED, OF_VISITORS, hashed
from models.operations.locks import LOCK, locks
from models.operations.owed import UNASKED, Owed

# What holds for all mail comes last, and so stands.
SUPPRESSED = f"""
    SELECT k.business_id, k.channel, k.address, s.reason
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS k(business_id, channel, address)
    JOIN business b ON b.id = k.business_id
    JOIN suppression s ON s.business_id = k.business_id AND s.channel = k.channel
        AND s.address IN (k.address, {hashed("b.salt", "k.address")})
    ORDER BY s.reason = ANY(%s) DESC
"""  # noqa: S608 - an expression of our own
# A mail counts from when it left, which an outage may put off for days; until then it counts as leaving now.
ANSWERED = """
    SELECT business_id, template, form, recipient,
        left_at > clock_timestamp() - make_interval(hours => 24) AS today,
        left_at > clock_timestamp() - make_interval(secs => %s) AS lately
    FROM delivery d CROSS JOIN LATERAL (
        SELECT coalesce(d.sent_at, CASE WHEN EXISTS (
            SELECT FROM job j WHERE j.id = d.job_id AND j.state IN ('pending', 'claimed')
        ) THEN clock_timestamp() ELSE d.in_flight_at END) AS left_at
    ) l
    WHERE recipient = ANY(%s) AND template = ANY(%s) AND state NOT IN ('failed', 'suppressed')
        AND NOT job_id = ANY(%s)
"""


# The door of test leads, and why nobody hears of them.
PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a recipient gets one kind of mail: once a form in `cooldown` seconds, `daily` times a day."""

    cooldown: float
    daily: int


def refusals(session: Session, messages: Sequence[Owed], limits: Limits) -> dict[int, str]:
    """Why messages must not go, by job.

    Outdated, erased, no address, do-not-contact, suppressed, answered enough.
    """
    found = {message.job.id: "no_address" for message in messages if not message.to}
    found |= {
        message.job.id: "do_not_contact"
        for message in messages
        if message.is_to_visitor and message.facts["do_not_contact"]
    }
    found |= {message.job.id: message.refusal for message in messages if message.refusal}
    found |= {message.job.id: ERASED for message in messages if message.facts.get("is_erased")}
    found |= {message.job.id: PROBE for message in messages if message.facts.get("door") == PROBE}
    keys = [(m.job.business_id, str(m.channel), m.recipient) for m in messages]
    columns = tuple([key[n] for key in keys] for n in range(3))
    rows = session.connection().exec_driver_sql(SUPPRESSED, (*columns, sorted(OF_VISITORS)))
    suppressed = {(row[0], row[1], row[2]): row[3] for row in rows}
    for message, key in zip(messages, keys, strict=True):
        reason = suppressed.get(key)
        # Who wants no more mail as a visitor may be the owner, or staff, and still gets theirs.
        if reason and (message.is_to_visitor or reason not in OF_VISITORS):
            found.setdefault(message.job.id, reason)
    replies = [m for m in messages if m.is_unasked and m.job.id not in found]
    return found | answered_enough(session, replies, limits)


def answered_enough(session: Session, replies: Sequence[Owed], limits: Limits) -> dict[int, str]:
    """Those whose recipient had such a mail lately; two workers look at one recipient in turn."""
    if not replies:
        return {}
    recipients = sorted({reply.recipient for reply in replies})
    connection = session.connection()
    names = [("auto-reply", recipient) for recipient in recipients]
    connection.exec_driver_sql(LOCK, (locks(names),))
    jobs = [reply.job.id for reply in replies]
    asked = (limits.cooldown, recipients, list(UNASKED), jobs)
    rows = connection.exec_driver_sql(ANSWERED, asked).all()
    lately = {(row.business_id, row.template, row.form, row.recipient) for row in rows if row.lately}
    today = Counter((row.template, row.recipient) for row in rows if row.today)
    found = {}
    for reply in replies:
        form = (reply.job.business_id, reply.template, reply.facts["door"], reply.recipient)
        if form in lately:
            found[reply.job.id] = "answered_lately"
        elif today[reply.template, reply.recipient] >= limits.daily:
            found[reply.job.id] = "answered_often_today"
        lately.add(form)
        today[reply.template, reply.recipient] += 1
    return found
