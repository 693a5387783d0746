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


USUAL = Seen(Pace.USUAL, ())
HURRIED_ADDRESS = Seen(Pace.HURRIED, ("address_rate",))
HURRIED_FORM = Seen(Pace.HURRIED, ("form_rate",))
FLOOD_OF_POSTS = Seen(Pace.FLOOD, ())


class FormRates:
    """Token buckets of addresses and of forms: the usual ones, and wider ones for a flood."""

    def __init__(self, settings: Settings) -> None:
        self._addresses, self._many_addresses = both(settings.form_rate_address)
        self._forms, self._many_forms = both(settings.form_rate_form)
        # Hurried addresses share what a form keeps of them, and take nothing from anybody else.
        _, self._many_hurried = both(settings.form_rate_form)

    def take(self, address: str, form_id: int) -> Seen:
        if not self._many_addresses.take(address):
            return FLOOD_OF_POSTS
        if not self._addresses.take(address):
            return HURRIED_ADDRESS if self._many_hurried.take(form_id) else FLOOD_OF_POSTS
        if not self._many_forms.take(form_id):
            return FLOOD_OF_POSTS
        return USUAL if self._forms.take(form_id) else HURRIED_FORM


def both(rate: int) -> tuple[Buckets, Buckets]:
    """So many at once, and as many back in a minute; and those of a flood."""
    most = rate * FLOOD
    return Buckets(rate / A_MINUTE, burst=rate), Buckets(most / A_MINUTE, burst=most)
