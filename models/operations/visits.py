"""Visits: what is counted, folded and kept of the posts of forms, beside the leads that they make.

A ration says how often a thing may be seen in a time: a content, a form's budget, a recipient, the
solution of a riddle. Unless it is a rough one, it is read and written under a lock of its own in the
transaction of the capture, so that no two posts spend the same one.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from models.operations.commands import Arrival, CaptureLead, Command, Keep, Ration, Visit
from models.operations.statements import insert, recordset
from models.operations.upsert import Row
from models.receipt import Verdict

Name = tuple[int, str]

ASKED = ("form_id", "name", "seconds")
COUNT = ("form_id", "name", "count", "since")
TOUCH = (
    "enquiry_id", "business_id", "lead_id", "utm_source", "utm_medium", "utm_campaign", "utm_term",
    "utm_content", "gclid", "fbclid", "msclkid", "landing_page", "referrer",
)  # fmt: skip
CONSENT = ("business_id", "form_id", "lead_id", "enquiry_id", "wording", "address_hash", "token", "given_at")
SUSPECT = ("receipt_uid", "business_id", "form_id", "score", "rules", "address_hash", "referrer", "consent")

LOOK_UP = """
    SELECT form_id, name, c.count, c.since
    FROM json_to_recordset(%s::json) AS k(form_id bigint, name text, seconds float8)
    JOIN form_count c USING (form_id, name)
    WHERE c.since > clock_timestamp() - make_interval(secs => k.seconds)
"""
COUNT_UP = f"""
    INSERT INTO form_count (form_id, name, count, since)
    SELECT form_id, name, count, coalesce(since, clock_timestamp())
    FROM {recordset("form_count", COUNT)}
    ON CONFLICT (form_id, name) DO UPDATE SET since = EXCLUDED.since, count = EXCLUDED.count
        + CASE WHEN form_count.since = EXCLUDED.since THEN form_count.count ELSE 0 END
"""  # noqa: S608 - names of our own columns
KEEP_TOUCH, KEEP_CONSENT = insert("touch", TOUCH), insert("consent", CONSENT)
KEEP_SUSPECT = insert("suspect", SUSPECT)

Rations = dict[Name, Ration]


def rations_of(commands: Iterable[Command]) -> Rations:
    """The rations of a batch, each once."""
    visits = [one.arrival.visit for one in commands if one.arrival.visit]
    return {(ration.form_id, ration.name): ration for visit in visits for ration in visit.rations}


def locked_names(rations: Rations) -> list[tuple[str, int, str]]:
    return [("form", *name) for name, ration in rations.items() if ration.exact]


def asked(rations: Rations) -> list[tuple[int, str, float]]:
    """The rows that `LOOK_UP` reads, in the columns of `ASKED`."""
    return [(*name, ration.seconds) for name, ration in rations.items()]


def reason_of(visit: Visit) -> str:
    """Why a post was quarantined, in the words of its receipt."""
    return f"{', '.join(visit.rules)}; score {visit.score}"


@dataclass(slots=True)
class Visits:
    """What was seen of the batch's rations before, with the time since when; and the rows to write."""

    seen: dict[Name, tuple[int, datetime | None]] = field(default_factory=dict)
    counts: dict[Name, Row] = field(default_factory=dict)
    touches: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    suspects: list[Row] = field(default_factory=list)

    def judge(self, command: Command, visit: Visit) -> Command | None:
        """The command to be carried out: the same, or to quarantine it; None where it came before."""
        spent = [ration for ration in visit.rations if self._times(ration) >= ration.most]
        if any(ration.folds for ration in spent):
            return None
        rules = [ration.rule for ration in spent]
        for ration in visit.rations:
            if ration.folds or not rules:
                self._count(ration)
        if not rules:
            return command
        suspected = replace(visit, rules=(*visit.rules, *dict.fromkeys(rules)))
        arrival = replace(command.arrival, visit=suspected)
        return Keep(arrival=arrival, verdict=Verdict.QUARANTINED, reason=reason_of(suspected))

    def suspect(self, arrival: Arrival, visit: Visit) -> None:
        """Keep why a post is quarantined, and what its headers said."""
        row = {name: getattr(visit, name) for name in SUSPECT if name not in ("receipt_uid", "business_id")}
        self.suspects.append(row | {"receipt_uid": arrival.uid, "business_id": arrival.business_id})

    def note(self, command: CaptureLead, visit: Visit, lead: Row, enquiry: Row, now: datetime) -> None:
        """Keep where an enquiry came from, and what was agreed to with it."""
        of_lead = {"business_id": lead["business_id"], "lead_id": lead["id"], "enquiry_id": enquiry["id"]}
        if visit.touch:
            self.touches.append(dict.fromkeys(TOUCH, "") | visit.touch | of_lead)
        if visit.consent:
            told = {
                "form_id": visit.form_id,
                "wording": visit.consent,
                "address_hash": visit.address_hash,
                "token": None if command.opt_in else secrets.token_urlsafe(24),
                "given_at": visit.at or now,
            }
            self.consents.append(told | of_lead)

    def _times(self, ration: Ration) -> int:
        return self.seen.get((ration.form_id, ration.name), (0, None))[0]

    def _count(self, ration: Ration) -> None:
        name = (ration.form_id, ration.name)
        times, since = self.seen.get(name, (0, None))
        self.seen[name] = (times + 1, since)
        added = self.counts[name]["count"] + 1 if name in self.counts else 1
        self.counts[name] = dict(zip(COUNT, (*name, added, since), strict=True))

    def counted(self) -> list[Row]:
        """What to add, in one order for all: rows that are not locked before must not be locked crosswise."""
        return [self.counts[name] for name in sorted(self.counts)]
