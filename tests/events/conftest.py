"""Subscribers on the loopback, and workers that tell them."""

from collections.abc import Callable, Iterator

import pytest

from models.business import Business
from models.database import transaction
from models.operations.subscriptions import Subscribe, subscribe
from models.settings import settings
from models.subscription import Subscription
from tests.support.receiver import Receiver
from tests.workers.conftest import providers

__all__ = ["providers"]

Subscribed = Callable[..., Subscription]


@pytest.fixture
def loopback(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Events may go to this machine, and nobody who fails is left alone."""
    monkeypatch.setenv("WEBHOOK_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("WEBHOOK_REST_SECONDS", "0")
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def subscribed(loopback: pytest.MonkeyPatch, business: Business, receiver: Receiver) -> Subscribed:
    """Subscribes the receiver, or another URL, to some types of the business's events."""

    def made(*events: str, url: str = "", of: Business | None = None) -> Subscription:
        wanted = Subscribe(business_id=(of or business).id, url=url or receiver.url, events=events)
        with transaction() as session:
            return subscribe(session, wanted)

    return made
