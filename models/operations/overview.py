"""Overview: what a business's desk shows, read in one transaction and without any address or number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from models.business import Business
from models.operations.measure import Measures, measure, measure_queues

MOST_SHOWN = 50
SHORT_NUMBER = 6

REQUESTS = """
    SELECT r.received_at, r.door, r.verdict, r.reason, r.difference, r.identity_conflict,
        l.uid AS lead_uid, trim(l.first_name || ' ' || l.last_name) AS lead_name
    FROM receipt r LEFT JOIN lead l ON l.id = r.lead_id AND l.business_id = r.business_id
    WHERE r.business_id = %s ORDER BY r.id DESC LIMIT %s
"""
MESSAGES = """
    SELECT created_at, template, channel, state, reason, attempts, recipient FROM delivery
    WHERE business_id = %s ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """One request; `lead` is the name, or the uid of a lead without one; `change` is what it did."""

    at: datetime
    door: str
    verdict: str
    reason: str
    lead: str
    change: str


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message; its recipient is masked."""

    at: datetime
    template: str
    channel: str
    state: str
    reason: str
    attempts: int
    recipient: str


@dataclass(frozen=True, slots=True)
class Overview:
    """`verdict` speaks of the whole service; all the rest is of the one business."""

    business: str
    verdict: str
    measures: Measures
    requests: list[ShownRequest]
    messages: list[ShownMessage]


def overview(session: Session, business_id: int) -> Overview:
    """The state of a business, with its latest requests and messages, newest first."""
    connection = session.connection()
    page = (business_id, MOST_SHOWN)
    return Overview(
        business=session.get_one(Business, business_id).name,
        verdict=Measures(queues=measure_queues(session)).verdict,
        measures=measure(session, business_id),
        requests=[request_of(row) for row in connection.exec_driver_sql(REQUESTS, page).mappings()],
        messages=[message_of(row) for row in connection.exec_driver_sql(MESSAGES, page).mappings()],
    )


def request_of(row: Any) -> ShownRequest:  # noqa: ANN401 - columns of many types
    return ShownRequest(
        at=row["received_at"].astimezone(UTC),
        door=row["door"],
        verdict=row["verdict"],
        reason=row["reason"],
        lead=row["lead_name"] or row["lead_uid"] or "",
        change=change_of(row["difference"] or (), conflict=row["identity_conflict"]),
    )


def message_of(row: Any) -> ShownMessage:  # noqa: ANN401 - columns of many types
    return ShownMessage(
        at=row["created_at"].astimezone(UTC),
        template=row["template"],
        channel=row["channel"],
        state=row["state"],
        reason=row["reason"],
        attempts=row["attempts"],
        recipient=masked(row["recipient"]),
    )


def change_of(difference: Iterable[dict[str, Any]], *, conflict: bool) -> str:
    """A receipt's difference in short, fields by rule: `filled phone, address; kept first_name`."""
    fields: dict[str, list[str]] = {}
    for line in difference:
        fields.setdefault(str(line["rule"]), []).append(str(line["field"]))
    told = [f"{rule} {', '.join(names)}" for rule, names in fields.items()]
    return "; ".join([*told, "identity conflict"] if conflict else told)


def masked(recipient: str) -> str:
    """An address or number of which its owner alone knows the rest: `a***@e***.org`, `+1***00`."""
    local, at, domain = recipient.rpartition("@")
    if at:
        host, dot, ending = domain.rpartition(".")
        return f"{local[:1]}***@{(host or ending)[:1]}***{dot}{ending if dot else ''}"
    if recipient.startswith("channel:") or not recipient:
        return recipient
    return f"{recipient[:2]}***{recipient[-2:]}" if len(recipient) > SHORT_NUMBER else "***"
