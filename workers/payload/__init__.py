"""The body of an event, in the words that its subscription asked for."""

from models.operations.happened import Telling
from models.subscription import Format
from workers.payload import standard, vcita
from workers.payload.fit import fitted


def body_of(telling: Telling) -> str:
    """JSON of less than 20 kB; the same event is the same text as long as its rows stay as they are."""
    happened = telling.happened
    if telling.subscription.format == Format.VCITA:
        return fitted(vcita.document(happened, telling.subscription.topic))
    return fitted(standard.document(happened))
