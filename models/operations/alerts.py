"""Alerts: messages to an owner about the service itself, not about a person who asked for something."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from models.delivery import Channel
from models.job import SENDING_KINDS, JobKind
from models.operations.claim import Claimed
from models.operations.facts import BUSINESS
from models.operations.owed import Owed

# A receipt's body stays where it is; how many wait there with it is as it is when the alert is sent.
WAITING = """(
    SELECT r.id, r.business_id, r.reason, d.name, d.uid, b.nickname, (
        SELECT count(*) FROM receipt w
        WHERE w.business_id = r.business_id AND w.door = r.door AND w.verdict = r.verdict
            AND w.verdict IN ('received', 'quarantined', 'failed')
            AND w.received_at > clock_timestamp() - interval '30 days'
    ) AS waiting
    FROM receipt r JOIN business b ON b.id = r.business_id
    JOIN {table} d ON d.business_id = r.business_id AND r.door = '{door}:' || d.uid
)"""
# Which table an alert is about, and in whose words it is told.
ABOUT = {
    JobKind.SUBSCRIPTION: ("subscription", "subscription-disabled"),
    JobKind.SILENCE: ("silence", "silence-alarm"),
    JobKind.GIVEN_UP: ("job", "message-given-up"),
    JobKind.WEBHOOK_FAILED: (WAITING.format(table="source", door="hook"), "webhook-failed"),
    JobKind.QUARANTINED: (WAITING.format(table="form", door="form"), "posts-quarantined"),
}
FACTS = """
    SELECT j.id AS job_id, to_jsonb(a) AS about, {business}, c.url AS channel_url, j.created_at
    FROM job j
    JOIN business b ON b.id = j.business_id
    JOIN {table} a ON a.id = j.subject_id AND a.business_id = j.business_id
    LEFT JOIN owner_channel c ON c.id = j.target_id
    WHERE j.id = ANY(%s)
"""
# No person asked, so what a template may tell of one is empty.
NOBODY: dict[str, Any] = {
    **dict.fromkeys(("first_name", "last_name", "email", "phone", "address"), ""),
    "do_not_contact": False,
}


def alerts(session: Session, jobs: Sequence[Claimed]) -> list[Owed]:
    """What is known of each alert; those of other kinds are left out."""
    found = []
    for kind, (table, template) in ABOUT.items():
        mine = {job.id: job for job in jobs if job.kind == kind}
        if mine:
            rows = session.connection().exec_driver_sql(
                FACTS.format(table=table, business=BUSINESS), (list(mine),)
            )
            found += [addressed(mine[row["job_id"]], template, dict(row)) for row in rows.mappings()]
    return found


def addressed(job: Claimed, template: str, facts: dict[str, Any]) -> Owed:
    """To the owner by mail or, where the job names one, by a further channel."""
    by_mail = job.target_id is None
    to = facts["business_email"] if by_mail else facts["channel_url"] or ""
    about = facts.pop("about")
    cause, alert = TOLD[template](about)
    return Owed(
        job=job,
        channel=Channel.EMAIL if by_mail else Channel.APPRISE,
        template=template,
        to=to,
        recipient=to.casefold() if by_mail else f"channel:{job.target_id}",
        facts=NOBODY | facts | {"alert": alert},
        cause=cause,
    )


def subscription(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Of the URL the host alone: the rest may be a secret."""
    alert = {"host": urlsplit(row["url"]).hostname or "", "uid": row["uid"], "reason": row["disabled_reason"]}
    return f"subscription:{row['id']}:{row['disabled_at']}", alert


def silence(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    last_at = datetime.fromisoformat(row["last_at"])
    alert = {"door": row["door"], "last_at": last_at, "usual": lasting(row["usual_seconds"])}
    return f"silence:{row['id']}", alert


def given_up(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The job is dead; its error is a provider's words without addresses, or our own."""
    alert = {
        "message": row["kind"].replace("_", "-"),
        "is_message": row["kind"] in SENDING_KINDS,
        "job": row["id"],
        "reason": row["last_error"],
    }
    return f"job:{row['id']}:{row['finished_at']}", alert


def webhook_failed(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The reason names attributes, and none of what was sent."""
    alert = {"source": row["name"], **{name: row[name] for name in ("uid", "reason", "waiting")}}
    return f"receipt:{row['id']}", alert


def quarantined(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The reason names rules, and none of what was written."""
    alert = {"form": row["name"], "business": row["nickname"]}
    return f"receipt:{row['id']}", alert | {name: row[name] for name in ("reason", "waiting")}


TOLD = {
    "subscription-disabled": subscription,
    "silence-alarm": silence,
    "message-given-up": given_up,
    "webhook-failed": webhook_failed,
    "posts-quarantined": quarantined,
}


def lasting(seconds: float) -> str:
    """A time span as people say it, in one unit."""
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
