"""What a lead is to be told of an appointment, and why it is not to be told any more."""

from collections.abc import Sequence

from sqlmodel import Session

from models.appointment import AHEAD, AppointmentStatus
from models.delivery import Channel
from models.job import JobKind
from models.operations.claim import Claimed
from models.operations.facts import BUSINESS, PERSON, facts_of
from models.operations.owed import Event, Facts, Owed

FACTS = f"""
    SELECT j.id AS job_id, a.uid AS event_uid, a.sequence, a.starts_at, a.ends_at, a.note,
        CASE WHEN a.deleted_at IS NULL THEN a.status ELSE 'cancelled' END AS status,
        a.starts_at <= clock_timestamp() AS has_begun, a.ends_at <= clock_timestamp() AS is_over,
        {PERSON}, {BUSINESS}, b.appointment_mails,
        EXISTS (
            SELECT FROM delivery d WHERE d.business_id = a.business_id AND d.cause IN (
                SELECT 'appointment:' || a.uid || ':' || n FROM generate_series(0, a.sequence) n
            ) AND (d.state IN ('owed', 'in_flight', 'sent', 'unknown') OR d.copies > 0)
        ) AS was_told
    FROM job j
    JOIN appointment a ON a.id = j.subject_id
    JOIN lead l ON l.id = a.lead_id
    JOIN business b ON b.id = a.business_id
    WHERE j.id = ANY(%s)
    -- Nobody changes it before the ledger has the message: who calls it off must see that it may be told.
    ORDER BY a.id FOR SHARE OF a
"""  # noqa: S608 - columns of our own

TEMPLATES = {
    JobKind.APPOINTMENT_CONFIRMATION: "appointment-confirmation",
    JobKind.APPOINTMENT_REMINDER: "appointment-reminder",
}


def gather_events(session: Session, jobs: Sequence[Claimed]) -> list[Owed]:
    facts = facts_of(session, FACTS, jobs)
    return [addressed(job, facts[job.id]) for job in jobs if job.id in facts]


def addressed(job: Claimed, facts: Facts) -> Owed:
    return Owed(
        job=job,
        channel=Channel.EMAIL,
        template=TEMPLATES[JobKind(job.kind)],
        to=facts["email"],
        recipient=facts["email"].casefold(),
        facts=facts,
        # Each state of an event is told once.
        cause=f"appointment:{facts['event_uid']}:{job.target_id}",
        event=Event(
            uid=facts["event_uid"],
            sequence=facts["sequence"],
            starts_at=facts["starts_at"],
            ends_at=facts["ends_at"],
            note=facts["note"],
            status=AppointmentStatus(facts["status"]),
        ),
        refusal=outdated(job, facts) or ("" if facts["appointment_mails"] else "mails_off"),
    )


def outdated(job: Claimed, facts: Facts) -> str:
    """Why the message has lost its point; a state that has changed since is told by a job of its own."""
    status = AppointmentStatus(facts["status"])
    is_reminder = job.kind == JobKind.APPOINTMENT_REMINDER
    if is_reminder and status not in AHEAD:
        return str(status)
    if job.target_id != facts["sequence"]:
        return "changed_since"
    if is_reminder and facts["has_begun"]:
        return "begun"
    if facts["is_over"] or status == AppointmentStatus.FULFILLED:
        return "over"
    return "never_told" if status == AppointmentStatus.CANCELLED and not facts["was_told"] else ""
