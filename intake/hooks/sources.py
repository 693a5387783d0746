"""The sources behind addresses, remembered for a while as tokens are."""

import re

from intake.hooks.schemes import verify
from intake.hooks.sent import Sent, Unverified
from intake.remembered import Remembered
from models.database import transaction
from models.errors import Refusal
from models.operations.sources.hear import Heard, hear
from models.settings import Settings

KEY = re.compile(r"[0-9a-f]{40}", re.ASCII)
# A secret that was rotated a moment ago counts at once; guesses cost one look a second.
AGAIN_SECONDS = 1.0


class UnknownSource(Refusal):
    """No source has this address."""

    reason = "unknown_source"


class Paused(Refusal):
    """The source takes nothing in for now; its sender is to try again, and must not give the address up."""

    reason = "paused"


class Gone(Refusal):
    """There was a source at this address, and it was deleted."""

    reason = "gone"


class Sources:
    """What the web process knows of sources. One an app."""

    def __init__(self, settings: Settings) -> None:
        patience = settings.database_budget_seconds
        self._known: Remembered[str, Heard] = Remembered(
            fresh=settings.token_cache_seconds, patience=patience, forget_unknown=False
        )
        self._again: Remembered[str, Heard] = Remembered(
            fresh=AGAIN_SECONDS, patience=patience, forget_unknown=False
        )

    async def find(self, key: str) -> Heard:
        """The source at an address. Raises `UnknownSource`, `Gone`, `Paused` or `Unavailable`."""
        return _open(await self._known.recall(key, lambda: _heard(key)) if KEY.fullmatch(key) else None)

    async def verify(self, heard: Heard, sent: Sent) -> None:
        """Raises `Unverified`, `BadDelivery` or what `find` raises."""
        try:
            verify(heard, sent)
        except Unverified:
            again = _open(await self._again.recall(heard.key, lambda: _heard(heard.key)))
            if again == heard:
                raise
            verify(again, sent)


def _open(heard: Heard | None) -> Heard:
    if heard is None:
        raise UnknownSource("no source has this address")
    if heard.is_deleted:
        raise Gone("the source at this address was deleted")
    if heard.is_paused:
        raise Paused("the source is paused, please try again later")
    return heard


def _heard(key: str) -> Heard | None:
    with transaction() as session:
        return hear(session, key)
