"""How fast one address may post, and one form be posted to, in one process."""

from dataclasses import dataclass
from enum import Enum

from intake.rate import Buckets
from models.settings import Settings

A_MINUTE = 60.0
# So many times the rate, whoever sends it is told to wait: a flood must not fill the disk with suspects.
FLOOD = 10


class Pace(Enum):
    """`hurried`: more than the rate allows; `flood`: more than can be kept."""

    USUAL = "usual"
    HURRIED = "hurried"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True)
class Seen:
    """The pace of an address and that of a form, by whose names the suspicion goes."""

    pace: Pace
    rules: tuple[str, ...]


class FormRates:
    """Token buckets of addresses and of forms: the usual ones, and wider ones for a flood."""

    def __init__(self, settings: Settings) -> None:
        rates = {"address_rate": settings.form_rate_address, "form_rate": settings.form_rate_form}
        self._usual = {rule: Buckets(rate / A_MINUTE, burst=rate) for rule, rate in rates.items()}
        self._flood = {
            rule: Buckets(rate * FLOOD / A_MINUTE, burst=rate * FLOOD) for rule, rate in rates.items()
        }

    def take(self, address: str, form_id: int) -> Seen:
        callers = {"address_rate": address, "form_rate": form_id}
        if not all(self._flood[rule].take(caller) for rule, caller in callers.items()):
            return Seen(Pace.FLOOD, ())
        rules = tuple(rule for rule, caller in callers.items() if not self._usual[rule].take(caller))
        return Seen(Pace.HURRIED if rules else Pace.USUAL, rules)


def a_minute(rate: int) -> Buckets:
    """So many at once, and as many back in a minute."""
    return Buckets(rate / A_MINUTE, burst=rate)
