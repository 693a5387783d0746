"""The rows that a batch of requests leads to, worked out in order of arrival before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from models.errors import KeyReused, Refusal
from models.identifiers import new_uid, slugify
from models.job import QUEUES, JobKind
from models.lead import DEFAULT_STATUS, IdentityKind
from models.operations.commands import Arrival, Captured, CaptureLead, Command, Keep
from models.operations.rows import Identity, fingerprint, identity_row, opt_in, receipt
from models.operations.tell import Told, event_of
from models.operations.upsert import Difference, Row, changed, merge, told
from models.operations.visits import Visits
from models.receipt import Verdict

Key = tuple[int, str]
Answer = Captured | Refusal

MESSAGES = (JobKind.AUTO_REPLY, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS, JobKind.OPT_IN_CONFIRMATION)


@dataclass(slots=True)
class Plan:
    """Leads known and new by identity, and what is to be written for a batch.

    `ids` are reserved triples of lead, timeline and enquiry ids; `answered` holds the earlier
    requests that came with one of the batch's idempotency keys.
    """

    known: dict[Identity, Row]
    ids: list[tuple[int, int, int]]
    now: datetime
    answered: dict[Key, tuple[str, Captured]] = field(default_factory=dict)
    leads: dict[int, Row] = field(default_factory=dict)
    updates: dict[int, Row] = field(default_factory=dict)
    identities: list[Row] = field(default_factory=list)
    enquiries: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    receipts: list[Row] = field(default_factory=list)
    settled: list[Row] = field(default_factory=list)
    kept: list[tuple[Row, JobKind | None]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    told_of_kept: list[Told] = field(default_factory=list)
    visits: Visits = field(default_factory=Visits)

    def take(self, command: Command) -> Answer:
        """Work out one command, given all before it."""
        earlier = self.replay(command.arrival)
        if earlier is not None:
            return earlier
        if command.arrival.visit is not None:
            judged = self.visits.judge(command, command.arrival.visit)
            if judged is None:
                return Captured(verdict=Verdict.REPEAT, replayed=True)
            command = judged
        answer = self.keep(command) if isinstance(command, Keep) else self.capture(command)
        if command.arrival.idempotency_key:
            key = (command.arrival.business_id, command.arrival.idempotency_key)
            self.answered[key] = (fingerprint(command.arrival), answer)
        return answer

    def replay(self, arrival: Arrival) -> Answer | None:
        """The answer that the same idempotency key already had, if any."""
        found = self.answered.get((arrival.business_id, arrival.idempotency_key or ""))
        if found is None:
            return None
        print_of_first, first = found
        if print_of_first != fingerprint(arrival) and not arrival.is_key_enough:
            verdict = Verdict.FAILED if arrival.is_part else Verdict.REFUSED
            # The key stays with the first, so that a replay takes this one in without it.
            keyless = replace(arrival, idempotency_key=None, visit=None)
            self.keep(Keep(arrival=keyless, verdict=verdict, reason=KeyReused.reason))
            return KeyReused("Idempotency-Key was used before with another request", "Idempotency-Key")
        return replace(first, promised=0, replayed=True, identity_conflict=False)

    def keep(self, command: Keep) -> Captured:
        """A receipt without a lead; what is owed about it is promised in one statement with it."""
        arrival, verdict = command.arrival, command.verdict
        if arrival.visit is not None:
            self.visits.suspect(arrival, arrival.visit)
        event = event_of(arrival, verdict, subject_id=arrival.receipt_id, receipt=arrival.uid)
        if arrival.receipt_id is not None or not (command.promise or event):
            self.file(arrival, verdict, reason=command.reason)
            self.told += event
        else:
            self.kept.append((receipt(arrival, verdict, reason=command.reason), command.promise))
            self.told_of_kept += event
        return Captured(verdict=verdict)

    def capture(self, command: CaptureLead) -> Captured:
        lead_id, timeline_id, enquiry_id = self.ids.pop()
        sent = command.identities()
        lead = self.find(command, sent)
        if lead is None:
            lead, differences, verdict = self.create(command, lead_id, timeline_id), None, Verdict.CREATED
        else:
            differences = merge(lead, command, self.now)
        conflicts = self.claim_identities(lead, sent, command, differences)
        if differences is not None:
            verdict = Verdict.UPDATED if changed(differences) else Verdict.REPEAT
            self.note_update(lead, verdict)
        enquiry = self.enquire(command, lead, enquiry_id, conflict=conflicts)
        if command.arrival.visit is not None:
            self.visits.note(command, command.arrival.visit, lead, enquiry, self.now)
        promised = self.promise(command, enquiry_id)
        self.file(
            command.arrival,
            verdict,
            lead_id=lead["id"],
            enquiry_id=enquiry_id,
            matched_on=command.match_on if differences is not None else "",
            difference=differences,
            identity_conflict=conflicts,
            promised=promised,
        )
        self.told += event_of(command.arrival, verdict, subject_id=lead["id"], enquiry_id=enquiry_id)
        return Captured(
            verdict=verdict,
            lead_id=lead["id"],
            lead_uid=lead["uid"],
            lead_slug=lead["slug"],
            enquiry_uid=enquiry["uid"],
            promised=promised,
            identity_conflict=conflicts,
        )

    def find(self, command: CaptureLead, sent: Mapping[IdentityKind, str]) -> Row | None:
        """The lead that is known by the identifier to match on, if there is one to match on."""
        if command.match_on is None:
            return None
        return self.known.get((command.arrival.business_id, command.match_on, sent[command.match_on]))

    def file(self, arrival: Arrival, verdict: Verdict, **facts: Any) -> None:  # noqa: ANN401 - columns of many types
        """Make the receipt, or settle the one that waits for its verdict."""
        row = receipt(arrival, verdict, **facts)
        if arrival.receipt_id is None:
            self.receipts.append(row)
        else:
            self.settled.append(row | {"id": arrival.receipt_id})

    def create(self, command: CaptureLead, lead_id: int, timeline_id: int) -> Row:
        lead = {
            "id": lead_id,
            "business_id": command.arrival.business_id,
            "uid": new_uid(),
            "slug": slugify(f"{command.first_name} {command.last_name}", lead_id),
            "timeline_id": timeline_id,
            # Somebody else may be known by the address; the person can be written to all the same.
            "email": command.email.address if command.email else "",
            "unique_id": "",
            "first_name": command.first_name,
            "last_name": command.last_name,
            "phone": command.phone,
            "phone_e164": command.phone_e164,
            "address": command.address,
            "status": command.status or DEFAULT_STATUS,
            "creator_id": command.arrival.user_id,
            "owner_id": command.owner_id,
            "source": command.source,
            "source_url": command.source_url,
            "tags": list(command.tags),
            "fields": command.request_data,
            **opt_in("opt_in", command, self.now, given=command.opt_in),
            **opt_in("sms_opt_in", command, self.now, given=command.sms_opt_in),
        }
        self.leads[lead_id] = lead
        return lead

    def claim_identities(
        self,
        lead: Row,
        sent: Mapping[IdentityKind, str],
        command: CaptureLead,
        differences: list[Difference] | None,
    ) -> bool:
        """Give the lead the identifiers that nobody has; tell whether one is somebody else's.

        A lead that is new whoever is known stands beside the others by intention: that is no conflict.
        """
        conflict = False
        for kind, value in sent.items():
            identity = (lead["business_id"], kind, value)
            holder = self.known.get(identity)
            if holder is not None and holder["id"] == lead["id"]:
                continue
            conflict = conflict or (holder is not None and command.match_on is not None)
            shown = command.email.address if kind == IdentityKind.EMAIL and command.email else value
            if differences is not None:
                rule = "kept" if holder is not None or lead[kind] else "filled"
                differences.append(told(kind, rule, lead[kind], shown))
            if holder is None and (differences is None or not lead[kind]):
                lead[kind] = shown
                self.known[identity] = lead
                self.identities.append(identity_row(identity, lead))
        return conflict

    def note_update(self, lead: Row, verdict: Verdict) -> None:
        # A lead that is new in this very batch is inserted as it stands at its end.
        if verdict == Verdict.UPDATED and lead["id"] not in self.leads:
            self.updates[lead["id"]] = lead

    def enquire(self, command: CaptureLead, lead: Row, enquiry_id: int, *, conflict: bool) -> Row:
        enquiry = {
            "id": enquiry_id,
            "business_id": lead["business_id"],
            "uid": new_uid(),
            "timeline_id": lead["timeline_id"],
            "door": command.arrival.door,
            "title": command.title,
            "request_data": command.request_data,
            "message_data": command.message_data,
            "system_message": command.system_message,
            "source": command.source,
            "source_url": command.source_url,
            "identity_conflict": conflict,
        }
        self.enquiries.append(enquiry)
        return enquiry

    def promise(self, command: CaptureLead, enquiry_id: int) -> int:
        """Owe the messages that were asked for; the outbox rows of the same transaction."""
        wanted: list[tuple[JobKind, int | None]] = [
            (kind, None) for kind in MESSAGES if kind in command.notifications
        ]
        wanted += [(JobKind.OWNER_CHANNEL, channel) for channel in command.owner_channels]
        if JobKind.ASSIGNEE_EMAIL in command.notifications:
            wanted.append((JobKind.ASSIGNEE_EMAIL, command.owner_id))
        self.jobs += [
            {
                "business_id": command.arrival.business_id,
                "kind": kind,
                "queue": QUEUES[kind],
                "subject_id": enquiry_id,
                "target_id": target,
            }
            for kind, target in wanted
        ]
        return len(wanted)
