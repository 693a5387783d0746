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
from models.job import JobKind
from models.operations.alerts import alerts
from models.operations.capture import insert
from models.operations.claim import Claimed
from models.operations.consent import Limits, refusals
from models.operations.owed import Owed

FACTS = """
    SELECT j.id AS job_id, 'enquiry:' || e.id AS cause, e.door, e.title, e.request_data, e.message_data,
        e.system_message, e.source, e.source_url, e.identity_conflict, e.created_at,
        l.uid AS lead_uid, l.first_name, l.last_name, l.email, l.phone, l.address,
        -- A converted lead lives on as the contact with its uid, before its history has followed and after;
        -- and who must not be written to is so under each record that has the address.
        l.do_not_contact OR EXISTS (
            SELECT FROM contact p WHERE p.business_id = l.business_id AND p.do_not_contact AND p.uid = l.uid
        ) OR l.email <> '' AND EXISTS (
            SELECT FROM contact p
            WHERE p.business_id = l.business_id AND p.do_not_contact AND p.email = l.email
        ) AS do_not_contact,
        (SELECT p.name FROM contact p
         WHERE p.business_id = l.business_id AND p.uid = l.uid AND p.deleted_at IS NULL) AS contact_name,
        b.name AS business_name, b.email AS business_email, b.phone AS business_phone, b.url AS business_url,
        b.country, b.timezone, c.url AS channel_url,
        (SELECT count(*) FROM enquiry p WHERE p.timeline_id = e.timeline_id AND p.id <= e.id) AS nth,
        (SELECT extract(days FROM e.created_at - max(p.created_at))::int FROM enquiry p
         WHERE p.timeline_id = e.timeline_id AND p.id < e.id) AS days_since,
        (SELECT json_object_agg(t.name || '/' || t.part, t.source) FROM message_template t
         WHERE t.business_id = j.business_id) AS wording
    FROM job j
    JOIN enquiry e ON e.id = j.subject_id
    JOIN lead l ON l.timeline_id = e.timeline_id
    JOIN business b ON b.id = j.business_id
    LEFT JOIN owner_channel c ON c.id = j.target_id
    WHERE j.id = ANY(%s)
"""
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
}


def gather(session: Session, jobs: Sequence[Claimed]) -> list[Owed]:
    """What is known of each job's message. A job whose subject is gone is left out."""
    messages = [job for job in jobs if job.kind in WAYS]
    rows = session.connection().exec_driver_sql(FACTS, ([job.id for job in messages],))
    facts = {row.job_id: dict(row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name for it
    known = [addressed(job, facts[job.id]) for job in messages if job.id in facts]
    return known + alerts(session, jobs)


def addressed(job: Claimed, facts: dict[str, Any]) -> Owed:
    kind = JobKind(job.kind)
    channel, template = WAYS[kind]
    to = {
        JobKind.AUTO_REPLY: facts["email"],
        JobKind.OWNER_EMAIL: facts["business_email"],
        JobKind.OWNER_SMS: phone_e164(facts["business_phone"], facts["country"]),
        JobKind.OWNER_CHANNEL: facts["channel_url"] or "",
    }[kind]
    recipient = f"channel:{job.target_id}" if kind == JobKind.OWNER_CHANNEL else to.casefold()
    return Owed(job=job, channel=channel, template=template, to=to, recipient=recipient, facts=facts)


def enter(
    session: Session, messages: Sequence[Owed], refused: dict[int, str], host: str
) -> dict[int, Row[Any]]:
    """Enter the messages in the ledger, or find them there; rows by job id."""
    rows = [row_of(message, refused, host) for message in messages]
    found = session.connection().exec_driver_sql(ENTER, (msgspec.json.encode(rows).decode(),))
    return {row.job_id: row for row in found}


def row_of(message: Owed, refused: dict[int, str], host: str) -> dict[str, Any]:
    reason = refused.get(message.job.id, "")
    visitor = message.template == "auto-reply"
    return {
        "business_id": message.job.business_id,
        "job_id": message.job.id,
        "cause": message.facts["cause"],
        "channel": message.channel,
        "template": message.template,
        "form": message.facts["door"],
        "recipient": message.recipient,
        "state": DeliveryState.SUPPRESSED if reason else DeliveryState.OWED,
        "reason": reason,
        # Made once and kept: a second copy under the same id is recognised as one by mail programs.
        "message_id": f"<n.{new_uid()}@{host}>" if message.channel == Channel.EMAIL else "",
        "unsubscribe_token": secrets.token_urlsafe(24) if visitor else None,
    }


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
