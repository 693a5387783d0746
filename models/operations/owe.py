"""Owe: turn claimed notification jobs into messages with a delivery row each, or say why one must not go."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Row
from sqlmodel import Session

from models.delivery import Channel, DeliveryState
from models.identifiers import new_uid, phone_e164
from models.job import APPOINTMENT_KINDS, MESSAGE_KINDS, JobKind
from models.operations.alerts import alerts
from models.operations.claim import Claimed
from models.operations.consent import Limits, refusals
from models.operations.facts import BUSINESS, PERSON, facts_of
from models.operations.owe_events import gather_events
from models.operations.owed import Facts, Owed
from models.operations.statements import insert

COLUMNS = f"""
    j.id AS job_id, e.id AS enquiry_id, e.door, e.title, e.request_data, e.message_data,
    e.system_message, e.source, e.source_url, e.identity_conflict, e.created_at,
    (SELECT p.name FROM contact p
     WHERE p.business_id = l.business_id AND p.uid = l.uid AND p.deleted_at IS NULL) AS contact_name,
    {PERSON}, {BUSINESS}, b.country, c.url AS channel_url, s.email AS staff_email,
    (SELECT count(*) FROM enquiry p WHERE p.timeline_id = e.timeline_id AND p.id <= e.id) AS nth,
    (SELECT max(p.created_at) FROM enquiry p
     WHERE p.timeline_id = e.timeline_id AND p.id < e.id) AS last_at,
    k.wording AS consent, k.token AS confirm_token,
    (SELECT to_json(t) FROM touch t WHERE t.lead_id = l.id ORDER BY t.enquiry_id LIMIT 1) AS first_touch,
    (SELECT to_json(t) FROM touch t WHERE t.enquiry_id = e.id) AS touch
"""  # noqa: S608 - names of our own columns
ADDRESSES = """
    JOIN business b ON b.id = j.business_id
    LEFT JOIN owner_channel c ON c.id = j.target_id AND j.kind = 'owner_channel'
    LEFT JOIN staff s ON s.id = j.target_id AND j.kind <> 'owner_channel'
    LEFT JOIN consent k ON k.enquiry_id = e.id
    WHERE j.id = ANY(%s)
"""
FACTS = f"""
    SELECT {COLUMNS} FROM job j
    JOIN enquiry e ON e.id = j.subject_id
    JOIN lead l ON l.timeline_id = e.timeline_id
    {ADDRESSES}
"""  # noqa: S608 - names of our own columns
# A lead that is given to another has no new enquiry, and one that staff wrote has none at all: its newest
# is told, as of the time when the lead was given.
REASSIGNED = f"""
    SELECT {COLUMNS} FROM job j
    JOIN lead l ON l.id = j.subject_id AND l.deleted_at IS NULL
    CROSS JOIN LATERAL (
        SELECT id, timeline_id, door, title, request_data, message_data, system_message, source, source_url,
            identity_conflict, j.created_at
        FROM enquiry WHERE timeline_id = l.timeline_id
        UNION ALL
        SELECT 0, l.timeline_id, '', '', '{{}}', '{{}}', '', l.source, l.source_url, false, j.created_at
        ORDER BY id DESC LIMIT 1
    ) e
    {ADDRESSES}
"""  # noqa: S608 - names of our own columns
GIVEN = (
    "business_id", "job_id", "cause", "channel", "template", "form", "recipient", "state", "reason",
    "message_id", "unsubscribe_token",
)  # fmt: skip
# Nothing known is overwritten: the update is what makes its row come back.
ENTER = f"""
    {insert("delivery", GIVEN)}
    ON CONFLICT (business_id, cause, channel, template, recipient) DO UPDATE SET job_id = EXCLUDED.job_id
    RETURNING job_id, id, state, copies, message_id, unsubscribe_token
"""

# Which way each kind of message goes, and in whose words.
WAYS = {
    JobKind.AUTO_REPLY: (Channel.EMAIL, "auto-reply"),
    JobKind.OWNER_EMAIL: (Channel.EMAIL, "owner-email"),
    JobKind.OWNER_SMS: (Channel.SMS, "owner-sms"),
    JobKind.OWNER_CHANNEL: (Channel.APPRISE, "owner-channel"),
    JobKind.ASSIGNEE_EMAIL: (Channel.EMAIL, "assignee-email"),
    JobKind.REASSIGNED_EMAIL: (Channel.EMAIL, "assignee-email"),
    JobKind.OPT_IN_CONFIRMATION: (Channel.EMAIL, "opt-in-confirmation"),
}


def gather(session: Session, jobs: Sequence[Claimed]) -> list[Owed]:
    """What is known of each job's message. A job whose subject is gone is left out."""
    facts: dict[int, Facts] = {}
    for query, kinds in ((FACTS, MESSAGE_KINDS), (REASSIGNED, (JobKind.REASSIGNED_EMAIL,))):
        facts |= facts_of(session, query, [job for job in jobs if job.kind in kinds])
    messages = [addressed(job, facts[job.id]) for job in jobs if job.id in facts]
    events = gather_events(session, [job for job in jobs if job.kind in APPOINTMENT_KINDS])
    return sorted(messages + events + alerts(session, jobs), key=lambda message: message.job.id)


def addressed(job: Claimed, facts: Facts) -> Owed:
    kind = JobKind(job.kind)
    channel, template = WAYS[kind]
    to = {
        JobKind.AUTO_REPLY: facts["email"],
        JobKind.OWNER_EMAIL: facts["business_email"],
        JobKind.OWNER_SMS: phone_e164(facts["business_phone"], facts["country"]),
        JobKind.OWNER_CHANNEL: facts["channel_url"] or "",
        JobKind.ASSIGNEE_EMAIL: facts["staff_email"] or "",
        JobKind.REASSIGNED_EMAIL: facts["staff_email"] or "",
        JobKind.OPT_IN_CONFIRMATION: facts["email"],
    }[kind]
    recipient = f"channel:{job.target_id}" if kind == JobKind.OWNER_CHANNEL else to.casefold()
    return Owed(
        job=job,
        channel=channel,
        template=template,
        to=to,
        recipient=recipient,
        facts=facts,
        cause=cause_of(job, facts),
    )


def enter(
    session: Session, messages: Sequence[Owed], refused: dict[int, str], host: str
) -> dict[int, Row[Any]]:
    """Enter the messages in the ledger, or find them there; rows by job id."""
    rows = [row_of(message, refused, host) for message in messages]
    found = session.connection().exec_driver_sql(ENTER, (msgspec.json.encode(rows).decode(),))
    return {row.job_id: row for row in found}


def row_of(message: Owed, refused: dict[int, str], host: str) -> dict[str, Any]:
    reason = refused.get(message.job.id, "")
    return {
        "business_id": message.job.business_id,
        "job_id": message.job.id,
        "cause": message.cause,
        "channel": message.channel,
        "template": message.template,
        "form": message.facts.get("door", ""),
        "recipient": message.recipient,
        "state": DeliveryState.SUPPRESSED if reason else DeliveryState.OWED,
        "reason": reason,
        # Made once and kept: a second copy under the same id is recognised as one by mail programs.
        "message_id": f"<n.{new_uid()}@{host}>" if message.channel == Channel.EMAIL else "",
        "unsubscribe_token": secrets.token_urlsafe(24) if message.is_unasked else None,
    }


def cause_of(job: Claimed, facts: Facts) -> str:
    """What a recipient is told of once: an enquiry, or that a lead was given to them, each time."""
    if job.kind == JobKind.REASSIGNED_EMAIL:
        return f"assignment:{job.id}"
    return f"enquiry:{facts['enquiry_id']}"


def owe(session: Session, jobs: Sequence[Claimed], limits: Limits, host: str) -> list[Owed]:
    """The messages of the jobs, each entered in the ledger, with the reason of those that must not go.

    `host` is the right side of the Message-IDs. Runs in the caller's transaction, in which nothing is sent.
    """
    messages = gather(session, jobs)
    refused = refusals(session, messages, limits)
    rows = enter(session, messages, refused, host)
    return [entered(message, rows[message.job.id], refused) for message in messages]


def entered(message: Owed, row: Row[Any], refused: dict[int, str]) -> Owed:
    return replace(
        message,
        refusal=refused.get(message.job.id, ""),
        delivery_id=row.id,
        state=DeliveryState(row.state),
        copies=row.copies,
        message_id=row.message_id,
        unsubscribe_token=row.unsubscribe_token,
    )
