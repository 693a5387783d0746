"""What is known of one message that is owed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.appointment import AppointmentStatus
from models.delivery import Channel, DeliveryState
from models.operations.claim import Claimed

Facts = dict[str, Any]

# What goes to the person who asked, and not to the business.
TO_VISITORS = frozenset(
    {"auto-reply", "opt-in-confirmation", "appointment-confirmation", "appointment-reminder"}
)
# Of these, what goes to an address that anybody may have typed: limits, and rules for automatic mail, hold.
UNASKED = ("auto-reply", "opt-in-confirmation")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """An appointment as its lead is told of it; `uid` and `sequence` are those of RFC 5545."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    note: str
    status: AppointmentStatus

    @property
    def is_off(self) -> bool:
        return self.status == AppointmentStatus.CANCELLED


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """One message that is to go to one recipient, with all that its wording may tell.

    `cause` is what the ledger knows it by, `event` the appointment that it is about, if it is about one.
    `to` is the address, number or URL to send to; the ledger's `recipient` names an Apprise channel by
    its id, since its URL is a secret. `refusal` says why it must not go, if it must not.
    """

    job: Claimed
    channel: Channel
    template: str
    to: str
    recipient: str
    facts: Facts
    cause: str
    event: Event | None = None
    refusal: str = ""
    delivery_id: int = 0
    state: DeliveryState = DeliveryState.OWED
    copies: int = 0
    message_id: str = ""
    unsubscribe_token: str | None = None

    @property
    def is_to_visitor(self) -> bool:
        return self.template in TO_VISITORS

    @property
    def is_unasked(self) -> bool:
        return self.template in UNASKED
