"""The upsert policy: what a further request may change on a lead that is known.

Names and identifiers stay, blanks are filled, tags are united, opt-ins are set and never cleared,
and a status never steps back (house.md part 5). Every difference is told, with the rule that decided.
"""

from datetime import datetime
from typing import Any

from models.lead import DEFAULT_STATUS
from models.operations.commands import CaptureLead

Row = dict[str, Any]
Difference = dict[str, Any]

FILLED_WHEN_BLANK = ("first_name", "last_name", "phone", "address", "source", "source_url")

# Statuses of a business's own making rank between the two that every dialect knows.
RANKS = {DEFAULT_STATUS: 0, "customer": 2, "loyal": 3}
OWN_STATUS = 1


def told(field: str, rule: str, was: object, sent: object) -> Difference:
    """One line of the difference that a receipt keeps."""
    return {"field": field, "rule": rule, "was": was, "sent": sent}


def merge(lead: Row, command: CaptureLead, now: datetime) -> list[Difference]:
    """Apply a request to a known lead's row, in place, and tell what differed."""
    return [
        *fill_blanks(lead, command),
        *advance_status(lead, command.status),
        *unite_tags(lead, command.tags),
        *set_opt_ins(lead, command, now),
    ]


def changed(differences: list[Difference]) -> bool:
    """Whether anything but "kept as it was" was decided."""
    return any(difference["rule"] != "kept" for difference in differences)


def fill_blanks(lead: Row, command: CaptureLead) -> list[Difference]:
    differences = []
    for field in FILLED_WHEN_BLANK:
        was, sent = lead[field], getattr(command, field)
        if not sent or sent == was:
            continue
        differences.append(told(field, "kept" if was else "filled", was, sent))
        if not was:
            lead[field] = sent
            if field == "phone":
                lead["phone_e164"] = command.phone_e164
    return differences


def advance_status(lead: Row, sent: str) -> list[Difference]:
    was = lead["status"]
    if not sent or sent.lower() == was.lower():
        return []
    forward = RANKS.get(sent.lower(), OWN_STATUS) > RANKS.get(was.lower(), OWN_STATUS)
    if forward:
        lead["status"] = sent
    return [told("status", "advanced" if forward else "kept", was, sent)]


def unite_tags(lead: Row, sent: tuple[str, ...]) -> list[Difference]:
    was = lead["tags"]
    new = [tag for tag in sent if tag not in was]
    if not new:
        return []
    lead["tags"] = [*was, *new]
    return [told("tags", "united", was, list(sent))]


def set_opt_ins(lead: Row, command: CaptureLead, now: datetime) -> list[Difference]:
    differences = []
    for field in ("opt_in", "sms_opt_in"):
        if getattr(command, field) and not lead[field]:
            lead[field] = True
            lead[f"{field}_at"] = now
            lead[f"{field}_source"] = command.arrival.door
            differences.append(told(field, "set", was=False, sent=True))
    return differences
