"""A person, and those who manage the business that they wrote to."""

import pytest

from models.business import Business
from tests.events.conftest import loopback, receiver, subscribed
from tests.forms.conftest import Made, admin, client, form
from tests.hooks.conftest import Partners, partner
from tests.hooks.senders import SENDERS
from tests.person.life import Person
from tests.support.web import Client
from tests.workers.conftest import providers

__all__ = ["admin", "client", "form", "loopback", "partner", "providers", "receiver", "subscribed"]


@pytest.fixture
def person(client: Client, business: Business, token: str) -> Person:
    return Person(client, business, token)


@pytest.fixture
def lived(person: Person, form: Made, partner: Partners) -> Person:
    """Somebody whom the business has known for long."""
    zapier = partner(SENDERS["zapier"], mapping={"item_id": "id"})
    person.lives(form(consent="You may write to me", notifications=["auto-reply", "email"]), zapier)
    return person
