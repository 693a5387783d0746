"""What is known of one message that is owed."""

from dataclasses import dataclass
from typing import Any

from models.delivery import Channel, DeliveryState
from models.operations.claim import Claimed

Facts = dict[str, Any]

# What goes to an address that anybody may have typed: limits, and rules for automatic mail, hold for it.
VISITOR_TEMPLATES = ("auto-reply", "opt-in-confirmation")


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """One message that is to go to one recipient, with all that its wording may tell.

    `to` is the address, number or URL to send to; the ledger's `recipient` names an Apprise channel by
    its id, since its URL is a secret. `refusal` says why it must not go, if it must not.
    """

    job: Claimed
    channel: Channel
    template: str
    to: str
    recipient: str
    facts: Facts
    refusal: str = ""
    delivery_id: int = 0
    state: DeliveryState = DeliveryState.OWED
    copies: int = 0
    message_id: str = ""
    unsubscribe_token: str | None = None

    @property
    def is_for_visitor(self) -> bool:
        return self.template in VISITOR_TEMPLATES
