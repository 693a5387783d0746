"""Owner channels: further ways to tell an owner, as Apprise URLs, which are secrets."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.business import Business, OwnerChannel
from models.errors import Invalid, NotFound
from models.operations.fields import plain

LONGEST_URL = 2000


def add_channel(session: Session, business: Business, url: str) -> OwnerChannel:
    """Raises `Invalid`, whose words never repeat the URL."""
    url = plain(url, "url", LONGEST_URL)
    scheme, separator, rest = url.partition("://")
    if not (scheme and separator and rest):
        raise Invalid("url must be an Apprise URL, such as slack://...", "url")
    channel = OwnerChannel(business_id=business.id, url=url)
    session.add(channel)
    session.flush()
    return channel


def channels_of(session: Session, business: Business) -> Sequence[OwnerChannel]:
    channels = select(OwnerChannel).where(col(OwnerChannel.business_id) == business.id)
    return session.exec(channels.order_by(col(OwnerChannel.id))).all()


def remove_channel(session: Session, business: Business, channel_id: int) -> None:
    """Raises `NotFound`, also for a channel of another business."""
    channel = session.get(OwnerChannel, channel_id)
    if channel is None or channel.business_id != business.id:
        raise NotFound("no channel of this business has this id", "channel")
    session.delete(channel)


def scheme_of(channel: OwnerChannel) -> str:
    """The part of the URL that is no secret."""
    return channel.url.partition("://")[0]
