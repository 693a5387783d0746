"""Topics: subscriptions as vcita's tongue knows them, one topic and one URL each (wire.md 1.6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.errors import Invalid
from models.operations.subscriptions import Subscribe, remove, subscribe, subscriptions_of
from models.subscription import EventType, Format, Subscription

EACH_REQUEST = (EventType.LEAD_CREATED, EventType.LEAD_UPDATED, EventType.LEAD_REPEAT)
# What each topic is told of. A lead is a client there, and its request a message.
TOPICS = {
    "client/created": (EventType.LEAD_CREATED,),
    "client/updated": (EventType.LEAD_UPDATED,),
    "contact_form/created": EACH_REQUEST,
    "conversation_item/created": EACH_REQUEST,
    "message/client_sent_message": EACH_REQUEST,
}
ALIASES = {"lead": "client"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A topic and a URL of a business; in a search an empty one means any."""

    business_id: int
    topic: str = ""
    url: str = ""


class UnknownTopic(Invalid):
    """A topic that nothing here has."""

    reason = "unknown_topic"


def named(topic: str) -> str:
    """The topic under its own name."""
    entity, slash, event_type = topic.partition("/")
    return f"{ALIASES.get(entity, entity)}{slash}{event_type}"


def subscribe_topic(session: Session, command: Topic) -> Subscription:
    """Raises `UnknownTopic`, `Invalid` for the URL, or `Taken`."""
    topic = named(command.topic)
    if topic not in TOPICS:
        raise UnknownTopic(f"event must be one of {', '.join(TOPICS)}", "event")
    wanted = Subscribe(
        business_id=command.business_id,
        url=command.url,
        events=TOPICS[topic],
        format=Format.VCITA,
        topic=topic,
    )
    return subscribe(session, wanted)


def unsubscribe_topics(session: Session, command: Topic) -> int:
    """End the subscriptions that match; how many there were."""
    found = topics_of(session, command)
    remove(session, found)
    return len(found)


def listed_topics(session: Session, business_id: int) -> Sequence[Subscription]:
    """Those that are told of events: that tongue has no word for one that was disabled."""
    return [one for one in topics_of(session, Topic(business_id=business_id)) if one.active]


def topics_of(session: Session, wanted: Topic) -> Sequence[Subscription]:
    """The subscriptions of vcita's tongue that match, the oldest first."""
    topic = named(wanted.topic)
    return [
        one
        for one in subscriptions_of(session, wanted.business_id)
        if one.format == Format.VCITA and topic in ("", one.topic) and wanted.url in ("", one.url)
    ]
