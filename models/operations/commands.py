"""What a door asks the capture lane to do: frozen commands, already validated.

They are msgspec's structs: a frozen dataclass of so many fields took 3 us to make.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from models.identifiers import EmailAddress
from models.job import JobKind
from models.lead import IdentityKind
from models.operations.listeners import Listener
from models.receipt import Verdict


class Ration(Struct, frozen=True, kw_only=True):
    """Something that may be seen `most` times in `seconds` at a form.

    Seen more often, the post is the same as before, and nothing comes of it (no `rule`); or it is suspect
    by that rule. One that is not `exact` is shared by too many to be waited for: posts that are taken in at
    one moment may spend a few more of it than there are.
    """

    form_id: int
    name: str
    most: int
    seconds: float
    rule: str = ""
    exact: bool = True

    @property
    def folds(self) -> bool:
        return not self.rule


class Visit(Struct, frozen=True, kw_only=True):
    """What a form knows of a post beside the lead: who may have sent it, from where, and how suspect it is.

    `consent` is the wording that was agreed to. `at` is when it came, for a post that waited.
    """

    form_id: int
    address_hash: str = ""
    referrer: str = ""
    touch: dict[str, str] = {}
    consent: str = ""
    score: int = 0
    rules: tuple[str, ...] = ()
    rations: tuple[Ration, ...] = ()
    at: datetime | None = None


class Arrival(Struct, frozen=True, kw_only=True):
    """A request as it came in: what its receipt keeps. `uid` is the request's id, told to the caller.

    `user_id` is the member of staff who made the lead. `receipt_id` names a receipt that stands already
    and now gets its verdict; such an arrival has no idempotency key, since its receipt holds that.
    `is_part` is an item of a batch: nobody sends it again, so under a key that another had it fails and
    waits for a replay. `is_key_enough`: what has the key is the same, whatever its body looks like.
    `listeners` are the subscriptions that may want to hear of what becomes of it.
    """

    uid: str
    business_id: int
    door: str
    body: bytes
    content_type: str = ""
    token_id: int | None = None
    user_id: int | None = None
    idempotency_key: str | None = None
    is_part: bool = False
    is_key_enough: bool = False
    receipt_id: int | None = None
    visit: Visit | None = None
    listeners: tuple[Listener, ...] = ()


class CaptureLead(Struct, frozen=True, kw_only=True):
    """Take in one request of one person. Empty text means "not said"; an empty identifier never matches.

    `match_on` names the one identifier by which a known lead is looked for; None makes a new lead, which
    takes no identifier that somebody has; one without `claims` takes none at all, so nobody is taken for it
    later. `owner_id` is the member of staff in charge of a new lead.
    """

    arrival: Arrival
    match_on: IdentityKind | None
    claims: bool = True
    title: str
    first_name: str = ""
    last_name: str = ""
    email: EmailAddress | None = None
    unique_id: str = ""
    phone: str = ""
    phone_e164: str = ""
    address: str = ""
    status: str = ""
    owner_id: int | None = None
    source: str = ""
    source_url: str = ""
    system_message: str = ""
    tags: tuple[str, ...] = ()
    opt_in: bool = False
    sms_opt_in: bool = False
    request_data: dict[str, Any] = {}
    message_data: dict[str, Any] = {}
    notifications: frozenset[JobKind] = frozenset()
    owner_channels: tuple[int, ...] = ()

    def identities(self) -> dict[IdentityKind, str]:
        """The identifiers that the lead may be known by, in their normal form."""
        found: dict[IdentityKind, str] = {}
        if not self.claims:
            return found
        if self.email is not None:
            found[IdentityKind.EMAIL] = self.email.identity
        if self.unique_id:
            found[IdentityKind.UNIQUE_ID] = self.unique_id
        return found


class Keep(Struct, frozen=True, kw_only=True):
    """Keep the receipt of a request that makes no lead, or none yet: nothing that arrived is forgotten.

    `promise` is the kind of a job about the receipt, which is promised with it.
    """

    arrival: Arrival
    verdict: Verdict
    reason: str = ""
    promise: JobKind | None = None


Command = CaptureLead | Keep


class Captured(Struct, frozen=True, kw_only=True):
    """What became of a command: the lead and the enquiry it led to, and how."""

    verdict: str
    lead_id: int | None = None
    lead_uid: str = ""
    lead_slug: str = ""
    enquiry_uid: str = ""
    promised: int = 0
    replayed: bool = False
    identity_conflict: bool = False
