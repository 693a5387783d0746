"""What a template may tell of a message, and in whose words: the business's own, else ours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from models.enquiry import message_of
from models.operations.owed import Event, Facts, Owed
from models.touch import TOUCHED_BY
from workers.invitation import noted
from workers.render import TemplateBroken, render

log = structlog.get_logger()

ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]


def context(message: Owed, unsubscribe_url: str, confirm_url: str = "") -> dict[str, Any]:
    """The names that a template may use (docs/notifications.md lists them)."""
    facts = message.facts
    people = {
        "business": {
            "name": facts["business_name"],
            "email": facts["business_email"],
            "phone": facts["business_phone"],
            "url": facts["business_url"],
        },
        "lead": {
            "name": f"{facts['first_name']} {facts['last_name']}".strip(),
            "first_name": facts["first_name"],
            "last_name": facts["last_name"],
            "email": facts["email"],
            "phone": facts["phone"],
            "address": facts["address"],
        },
        "unsubscribe_url": unsubscribe_url,
        "confirm_url": confirm_url,
    }
    if message.event:
        return people | of_event(message.event, facts)
    return people | (of_alert(facts) if "alert" in facts else of_enquiry(facts))


def of_enquiry(facts: Facts) -> dict[str, Any]:
    data = [*facts["request_data"].items(), *facts["message_data"].items()]
    return {
        "enquiry": {
            "title": facts["title"],
            "message": message_of(data),
            "source": facts["source"],
            "source_url": facts["source_url"],
            "system_message": facts["system_message"],
            "data": [(label, str(value)) for label, value in data],
        },
        "repeat": repeat_sentence(facts["nth"], days_since(facts)),
        "conflict": facts["identity_conflict"],
        "contact": facts["contact_name"] or "",
        "first_touch": touched(facts["first_touch"]),
        "touch": touched(facts["touch"]),
        "consent": facts["consent"] or "",
        "received_at": local_time(facts["created_at"], facts["timezone"]),
    }


def of_event(event: Event, facts: Facts) -> dict[str, Any]:
    return {
        "appointment": {
            "starts_at": local_time(event.starts_at, facts["timezone"]),
            "ends_at": local_time(event.ends_at, facts["timezone"]),
            "note": noted(event.note),
            "status": str(event.status),
            "changed": event.sequence > 0,
        }
    }


def of_alert(facts: Facts) -> dict[str, Any]:
    """What an alert tells, its times as the business's clocks show them."""
    return {
        "alert": {
            name: local_time(value, facts["timezone"]) if isinstance(value, datetime) else value
            for name, value in facts["alert"].items()
        },
        "received_at": local_time(facts["created_at"], facts["timezone"]),
    }


def touched(touch: dict[str, Any] | None) -> str:
    """Where an enquiry came from, in one line; empty where nothing is known of it."""
    known = [(name.removeprefix("utm_"), touch[name]) for name in TOUCHED_BY if touch and touch[name]]
    return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in known)


def days_since(facts: Facts) -> int | None:
    """How many midnights of the business lie between the last enquiry and this one."""
    if facts["last_at"] is None:
        return None
    zone = ZoneInfo(facts["timezone"])
    last, this = (moment.astimezone(zone).date() for moment in (facts["last_at"], facts["created_at"]))
    days: int = (this - last).days
    return days


def repeat_sentence(count: int, days_ago: int | None) -> str:
    """Which enquiry of the same person this is, and when the last one came; empty for the first.

    `count` includes this one; `days_ago` is None where the last one's day is not known.
    """
    if count <= 1:
        return ""
    sentence = f"{ordinal(count)} enquiry from this person"
    if days_ago is None:
        return sentence
    when = {0: "today", 1: "yesterday"}.get(max(days_ago, 0), f"{days_ago} days ago")
    return f"{sentence}, last {when}"


def ordinal(number: int) -> str:
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    is_teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def local_time(moment: datetime, timezone: str) -> str:
    return moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M %Z")


def worded(message: Owed, part: str, names: Mapping[str, object]) -> str:
    """Render one part. A wording of the business's own that is broken gives way to ours: the message goes."""
    own = (message.facts["wording"] or {}).get(f"{message.template}/{part}")
    try:
        return render(message.template, part, names, own)
    except TemplateBroken as exc:
        if own is None:
            raise
        log.warning(
            "own wording broken", business=message.job.business_id, template=message.template, error=str(exc)
        )
        return render(message.template, part, names)
